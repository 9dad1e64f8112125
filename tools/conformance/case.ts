import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

/** A case of the conformance format: a schema, cached statements, transactions, and what each transaction did to each statement. */
export interface Case {
  readonly id: string;
  readonly title?: string;
  readonly schema: string | readonly string[];
  readonly setup?: readonly string[];
  readonly replica_identity?: Readonly<Record<string, string>>;
  readonly entries: readonly Entry[];
  readonly changes: readonly Change[];
}

export interface Entry {
  readonly id: string;
  readonly sql: string;
  readonly params?: readonly unknown[];
  readonly order?: 'list' | 'bag';
  readonly cacheable?: boolean | 'optional';
  readonly reason?: string;
}

export type Step = string | { readonly copy: string; readonly rows: string };

export interface Change {
  readonly transaction: readonly Step[];
  readonly end?: 'rollback' | 'error';
  readonly ddl?: boolean;
  readonly expect?: Readonly<Record<string, 'changed' | 'same'>>;
  readonly ideal?: Readonly<Record<string, 'delete' | 'keep' | 'may'>>;
}

/** One line of a run's output. */
export interface Line {
  readonly id: string;
  readonly change: number;
  readonly deleted: readonly string[];
  readonly refused: readonly string[];
}

export interface Group {
  readonly name: string;
  readonly cases: readonly Case[];
}

export function loadGroups(folder: string): readonly Group[] {
  const files = readdirSync(join(folder, 'cases'))
    .filter((f) => f.endsWith('.json'))
    .sort();
  return files.map((f) => ({
    name: basename(f, '.json'),
    cases: parseCases(readFileSync(join(folder, 'cases', f), 'utf8')),
  }));
}

/** Integers beyond 2^53 stay what they are: JSON.parse would round them. */
function parseCases(text: string): readonly Case[] {
  const exact = text.replace(
    /("(?:[^"\\]|\\.)*")|(-?\d{16,})(?![\d.eE])/g,
    (_, string?: string, number?: string) => string ?? `"${number}"`,
  );
  return JSON.parse(exact) as Case[];
}

export function loadSchemas(folders: readonly string[]): ReadonlyMap<string, string> {
  const found = folders.flatMap((folder) => {
    const dir = join(folder, 'schemas');
    return list(dir).map((f) => [basename(f, '.sql'), readFileSync(join(dir, f), 'utf8')] as const);
  });
  return new Map(found);
}

function list(dir: string): readonly string[] {
  try {
    return readdirSync(dir).filter((f) => f.endsWith('.sql'));
  } catch {
    return [];
  }
}
