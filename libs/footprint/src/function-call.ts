import type { Catalog, FunctionFacts } from './catalog.js';

/** A node of the parser's tree whose kind is told by the place it stands in. */
export type Tree = Readonly<Record<string, unknown>>;

export function eachNode(tree: unknown, visit: (kind: string, node: Tree) => void): void {
  if (typeof tree !== 'object' || tree === null) return;
  for (const [kind, node] of Object.entries(tree)) {
    if (typeof node === 'object' && node !== null && !Array.isArray(node)) visit(kind, node as Tree);
    eachNode(node, visit);
  }
}

export function names(list: unknown): string[] {
  if (!Array.isArray(list)) return [];
  return list.map((item: { String?: { sval?: string } }) => item.String?.sval ?? '');
}

/** The functions that a call may mean, by name, search path and number of arguments. */
export function candidatesFor(call: Tree, catalog: Catalog): readonly FunctionFacts[] {
  const path = names(call['funcname']);
  const schema = path.length > 1 ? path.at(-2) : undefined;
  const count = lengthOf(call['args']);
  const counts = [count, count + lengthOf(call['agg_order'])];
  return (catalog.functions.get(path.at(-1) ?? '') ?? []).filter(
    (f) =>
      (schema === undefined
        ? catalog.searchPath.includes(f.schema) || f.schema === 'pg_catalog'
        : f.schema === schema) &&
      counts.some((n) => f.minArguments <= n && (f.maxArguments === -1 || n <= f.maxArguments)),
  );
}

function lengthOf(list: unknown): number {
  return Array.isArray(list) ? list.length : 0;
}
