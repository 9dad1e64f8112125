import { statementId } from '@freshet/cache-keys';
import type { Catalog } from './catalog.js';
import type { Analysis, Footprint, Occurrence, Refusal } from './footprint.js';
import { parse, type Node } from './parser.js';
import { findRelation, refuseRelation } from './relations.js';
import { restlessConstructs } from './restless.js';

export interface StatementText {
  readonly name: string;
  readonly text: string;
}

/** What a statement reads, from its text. Pure: the same text and catalogue give the same footprint with the same id. */
export function analyse(statement: StatementText, catalog: Catalog): Analysis {
  const select = parseSelect(statement.text);
  if ('refusal' in select) return { kind: 'refused', reasons: [select.refusal] };
  const reasons = restlessConstructs(select.node, catalog);
  if (reasons.length > 0) return { kind: 'refused', reasons };
  const found = coarse(select.node, catalog);
  if (found.reasons.length > 0) return { kind: 'refused', reasons: found.reasons };
  const content = {
    name: statement.name,
    occurrences: found.occurrences,
    relations: found.occurrences.map((o) => o.table),
    parameters: [],
  };
  return { kind: 'cacheable', footprint: identified(content, statement.text) };
}

function identified(content: Omit<Footprint, 'id'>, text: string): Footprint {
  return { id: statementId(content.name, `${JSON.stringify(content)}\n${text}`), ...content };
}

function parseSelect(text: string): { node: Node } | { refusal: Refusal } {
  const refuse = (construct: string, reason: string) => ({ refusal: { construct, reason, position: undefined } });
  try {
    const [node, ...more] = parse(text);
    if (node === undefined || more.length > 0) return refuse('statement', 'one statement is needed');
    return 'SelectStmt' in node ? { node } : refuse(Object.keys(node)[0] ?? 'statement', 'not a SELECT');
  } catch (error) {
    return refuse('text', `does not parse: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function coarse(tree: unknown, catalog: Catalog): { occurrences: Occurrence[]; reasons: Refusal[] } {
  const occurrences: Occurrence[] = [];
  const reasons: Refusal[] = [];
  const text = JSON.stringify(tree);
  const ctes = new Set([...text.matchAll(/"ctename":"([^"]+)"/g)].map((m) => m[1]));
  for (const m of text.matchAll(/"RangeVar":(\{[^{}]*)/g)) {
    const field = (name: string) => new RegExp(`"${name}":"([^"]+)"`).exec(m[1] ?? '')?.[1];
    const relname = field('relname') ?? '';
    if (field('schemaname') === undefined && ctes.has(relname)) continue;
    const facts = findRelation(catalog, field('schemaname'), relname);
    const reason =
      facts === undefined
        ? 'no such table is known'
        : facts.kind === 'view'
          ? 'a view'
          : refuseRelation(facts, (n) => catalog.tables.get(n as never));
    if (facts === undefined || reason !== undefined)
      reasons.push({ construct: relname, reason: reason ?? '', position: undefined });
    else
      occurrences.push({
        alias: relname,
        table: facts.name,
        root: facts.root,
        members: facts.members,
        where: [],
        columns: facts.columns.map((c) => c.name),
        taggable: [],
        types: {},
      });
  }
  return { occurrences, reasons };
}
