import { z } from 'zod';
import { modeOf, type Mode } from './values.js';

/** A group of variables that belong together: read from the whole environment, handed out as one typed value. */
export type Section<T> = (mode: Mode) => z.ZodType<T>;

export type Environment<S extends Record<string, Section<unknown>>> = {
  readonly [K in keyof S]: S[K] extends Section<infer T> ? DeepReadonly<T> : never;
} & { readonly mode: Mode };

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

export type EnvironmentResult<S extends Record<string, Section<unknown>>> =
  | { readonly ok: true; readonly environment: Environment<S> }
  /** One line for each wrong or missing variable; `main` prints them and exits. */
  | { readonly ok: false; readonly lines: readonly string[] };

/** Reads every section and collects all that is wrong, so that one start shows every mistake. */
export function parseEnvironment<S extends Record<string, Section<unknown>>>(
  sections: S,
  variables: Readonly<Record<string, string | undefined>>,
): EnvironmentResult<S> {
  // An empty variable is an unset one: compose files and Helm charts pass `NAME=` for what nobody configured.
  const set = Object.fromEntries(Object.entries(variables).filter(([, text]) => text !== undefined && text !== ''));
  const mode = modeOf(set['NODE_ENV'] ?? 'development');
  if (mode === undefined) {
    return { ok: false, lines: [`NODE_ENV: expected development or production, got "${set['NODE_ENV']}"`] };
  }

  const parsed = Object.entries(sections).map(([name, section]) => [name, section(mode).safeParse(set)] as const);
  const lines = parsed.flatMap(([, result]) => result.error?.issues.map(line) ?? []);
  if (lines.length > 0) return { ok: false, lines: [...new Set(lines)] };
  const values = Object.fromEntries(parsed.map(([name, result]) => [name, result.data]));
  return { ok: true, environment: deepFreeze({ ...values, mode }) as Environment<S> };
}

function line(issue: z.core.$ZodIssue): string {
  return `${issue.path.join('.')}: ${issue.message}`;
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}
