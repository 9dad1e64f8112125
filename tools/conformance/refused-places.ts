import { analyse, explainRefusal, type Catalog, type Refusal } from '@freshet/footprint';
import type { Case } from './case.js';

/** Refusals that do not say where in its statement the construct stands which they name. */
export function misplaced(c: Case, catalog: Catalog): readonly string[] {
  return c.entries.flatMap(({ id, sql }) => {
    const analysis = analyse({ name: id, text: sql }, catalog);
    const wrong = analysis.kind === 'refused' ? analysis.reasons.filter((r) => !standsThere(r, sql)) : [];
    return wrong.map((r) => `${c.id} ${id}: ${explainRefusal(r)}`);
  });
}

const SPELT: Readonly<Record<string, RegExp>> = {
  'FOR UPDATE or FOR SHARE': /^for (no key )?(update|key share|share)/,
  'SELECT INTO': /^into/,
};

function standsThere({ construct, position }: Refusal, sql: string): boolean {
  if (typeof position !== 'number') return position === 'settings';
  const rest = bare(Buffer.from(sql).subarray(position).toString());
  // Of the whole text, of another statement than a SELECT, or of what does not parse: anything may stand there.
  if (/^(statement|text|[A-Z]\w+Stmt)$/.test(construct)) return /^\S|^$/.test(rest);
  if (construct.startsWith('cast of text')) return /^(::|cast\b|\w+ ?')/.test(rest);
  const [, outside] = / in (?:view|generated column) (.*)$/.exec(construct) ?? [];
  const name = bare(outside ?? construct.replace(/^(operator|cast to) /, '').replace('()', ''));
  return SPELT[construct]?.test(rest) ?? unqualified(rest).startsWith(unqualified(name));
}

/** `schema.table`, `alias.column`, `OPERATOR(schema.+)`. */
function unqualified(text: string): string {
  return text.replace(/^operator\(/, '').replace(/^(?:\w+\.)+/, '');
}

function bare(text: string): string {
  return text.replaceAll('"', '').toLowerCase();
}
