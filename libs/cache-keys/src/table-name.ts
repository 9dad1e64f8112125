/** A table as every room names it: `billing_invoice` in schema public, `archive.billing_invoice` elsewhere, specials escaped. */
export type TableName = string & { readonly brand: 'TableName' };

export function tableName(schema: string, table: string): TableName {
  const name = schema === 'public' ? escapePart(table) : `${escapePart(schema)}.${escapePart(table)}`;
  return name as TableName;
}

/** Characters with a meaning of their own inside a key. `~` starts the sign for NULL. */
const RESERVED = /[%:,=&/^.~{}\s]/g;

/** Escapes what would change the shape of a key; readable text stays readable. */
export function escapePart(text: string): string {
  return text.replace(RESERVED, (c) =>
    encodeURIComponent(c) === c ? `%${c.charCodeAt(0).toString(16).toUpperCase()}` : encodeURIComponent(c),
  );
}
