import type { Node, ParseResult, RawStmt, ScanResult } from 'libpg-query';

export type { Node };

interface Library {
  parseSync(text: string): ParseResult;
  scanSync(text: string): ScanResult;
}

let library: Library | undefined;

/** Loads PostgreSQL's own parser (WASM), once. Loaded on demand: who only matches never needs it. */
export async function loadParser(): Promise<void> {
  const loaded = await import('libpg-query');
  await loaded.loadModule();
  library = loaded;
}

/** A text that does not parse, in PostgreSQL's words, and the byte at which it comes to grief. */
export class SyntaxFault extends Error {
  constructor(
    message: string,
    readonly position: number,
  ) {
    super(message);
  }
}

/** @throws SyntaxFault */
export function parse(text: string): readonly Node[] {
  return statementsOf(text).flatMap((raw) => raw.stmt ?? []);
}

/** @throws SyntaxFault */
export function statementsOf(text: string): readonly RawStmt[] {
  try {
    return loaded().parseSync(text).stmts ?? [];
  } catch (error) {
    const { message, sqlDetails } = error as Error & { sqlDetails?: { cursorPosition: number } };
    const characters = [...text].slice(0, sqlDetails?.cursorPosition ?? 0).join('');
    throw new SyntaxFault(message, new TextEncoder().encode(characters).length);
  }
}

/** A word of a text; places are bytes. */
export interface Token {
  readonly start: number;
  readonly text: string;
  readonly keyword: boolean;
  readonly comment: boolean;
}

export function tokensOf(text: string): readonly Token[] {
  return loaded()
    .scanSync(text)
    .tokens.map((t) => ({
      start: t.start,
      text: t.text,
      keyword: t.keywordName !== 'NO_KEYWORD',
      comment: t.tokenName.endsWith('COMMENT'),
    }));
}

function loaded(): Library {
  if (library === undefined) throw new Error('the parser is not loaded: await loadParser() first');
  return library;
}
