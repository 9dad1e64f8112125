import { eachNode, type Tree } from './function-call.js';

/** The byte at which a node stands, where the parser says so. */
export function ownPlace(node: unknown): number | undefined {
  const [inner] = typeof node === 'object' && node !== null ? Object.values(node as Tree) : [];
  return placeIn(node as Tree) ?? placeIn(inner as Tree);
}

/** The first byte of anything in it. */
export function firstPlace(tree: unknown): number | undefined {
  const places: number[] = [];
  eachNode({ tree }, (_, node) => places.push(...[placeIn(node)].filter((p) => p !== undefined)));
  return places.length === 0 ? undefined : Math.min(...places);
}

/** Where a text stands that is written out as a construct is named: `'today'`. */
export function placeOfLiteral(tree: unknown, construct: string): number | undefined {
  if (!construct.startsWith("'")) return undefined;
  let found: number | undefined;
  eachNode({ tree }, (kind, node) => {
    const text = (node['sval'] as Tree | undefined)?.['sval'];
    if (kind === 'A_Const' && `'${String(text)}'` === construct) found ??= placeIn(node);
  });
  return found;
}

function placeIn(node: Tree | undefined): number | undefined {
  const location = node?.['location'];
  return typeof location === 'number' && location >= 0 ? location : undefined;
}
