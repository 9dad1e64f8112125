/** A table as every room names it: `billing_invoice` in schema public, `archive.billing_invoice` elsewhere, specials escaped. */
export type TableName = string & { readonly brand: 'TableName' };

export function tableName(schema: string, table: string): TableName {
  const names = schema === 'public' ? inPublic : undefined;
  const known = names?.get(table);
  if (known !== undefined) return known;
  const name = (schema === 'public' ? escapePart(table) : `${escapePart(schema)}.${escapePart(table)}`) as TableName;
  if (names !== undefined && names.size < MOST_REMEMBERED) names.set(table, name);
  return name;
}

/** Every row change asks, and nearly all of them for the same few. */
const inPublic = new Map<string, TableName>();
const MOST_REMEMBERED = 1000;

/** Characters with a meaning of their own inside a key. `~` starts the sign for NULL. */
const RESERVED = /[%:,=&/^.~{}\s]/g;

/** Escapes what would change the shape of a key; readable text stays readable. */
export function escapePart(text: string): string {
  return text.replace(RESERVED, (c) =>
    encodeURIComponent(c) === c ? `%${c.charCodeAt(0).toString(16).toUpperCase()}` : encodeURIComponent(c),
  );
}
