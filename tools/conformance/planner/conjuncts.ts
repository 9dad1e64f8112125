import { parseSync } from 'libpg-query';

/** The conditions of a filter as EXPLAIN writes it, `((a > 1) AND (b = 2))`: those joined by AND at the top. */
export function conjunctsOf(filter: string): readonly string[] {
  const text = unwrapped(filter);
  const cuts = topLevel(text).filter((i) => text.startsWith(' AND ', i));
  const parts = [...cuts, text.length].map((end, n) => text.slice(n === 0 ? 0 : (cuts[n - 1] ?? 0) + 5, end));
  return cuts.length === 0 ? [text] : parts.flatMap(conjunctsOf);
}

/** Whether a condition speaks of nothing but stored columns of one scan, so that a row image alone decides it. */
export function isLocal(condition: string, alias: string, stored: ReadonlySet<string>): boolean {
  const columns: (readonly string[])[] = [];
  const names = (fields: unknown): string[] =>
    (fields as { String?: { sval?: string } }[]).map((f) => f.String?.sval ?? '*');
  let known = true;
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [kind, child] of Object.entries(node)) {
      if (kind === 'ParamRef') known = false;
      if (kind === 'ColumnRef') columns.push(names((child as { fields: unknown }).fields));
      walk(child);
    }
  };
  try {
    walk(parseSync(`SELECT ${condition}`));
  } catch {
    return false; // A sub-plan, which has no SQL.
  }
  return (
    known && columns.every(([of, column, ...more]) => of === alias && stored.has(column ?? '') && more.length === 0)
  );
}

function unwrapped(text: string): string {
  const inside = text.slice(1, -1);
  return text.startsWith('(') && text.endsWith(')') && topLevel(text).length === 2 ? unwrapped(inside) : text;
}

/** The places in a text that stand outside all brackets and quotes; an opening bracket and its closing one count as outside. */
function topLevel(text: string): readonly number[] {
  const outside: number[] = [];
  const pieces = text.matchAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|[([]|[)\]]|\bCASE\b|\bEND\b|[^]/g);
  let depth = 0;
  for (const { 0: piece, index } of pieces) {
    if (/^([)\]]|END)$/.test(piece)) depth -= 1;
    if (depth === 0) outside.push(index);
    if (/^([([]|CASE)$/.test(piece)) depth += 1;
  }
  return outside;
}
