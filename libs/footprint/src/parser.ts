import type { Node, ParseResult } from 'libpg-query';

export type { Node };

let parseSync: ((text: string) => ParseResult) | undefined;

/** Loads PostgreSQL's own parser (WASM), once. Loaded on demand: who only matches never needs it. */
export async function loadParser(): Promise<void> {
  const library = await import('libpg-query');
  await library.loadModule();
  parseSync = library.parseSync;
}

/** @throws Error with PostgreSQL's words for a text that does not parse. */
export function parse(text: string): readonly Node[] {
  if (parseSync === undefined) throw new Error('the parser is not loaded: await loadParser() first');
  return (parseSync(text).stmts ?? []).flatMap((raw) => raw.stmt ?? []);
}
