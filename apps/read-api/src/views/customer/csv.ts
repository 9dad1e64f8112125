/** Rows end in CR LF; a field is quoted only if it must be, quotes in it are doubled. */
export function csv(rows: readonly (readonly string[])[]): string {
  return rows.map((fields) => `${fields.map(field).join(',')}\r\n`).join('');
}

function field(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
