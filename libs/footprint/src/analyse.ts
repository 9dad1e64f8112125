import { statementId } from '@freshet/cache-keys';
import type { SelectStmt } from 'libpg-query';
import type { Catalog } from './catalog.js';
import { Derivation } from './derive.js';
import type { Reading } from './descend.js';
import { NotCacheable } from './errors.js';
import { columnsOf } from './expr.js';
import type { Analysis, Footprint, Occurrence, Refusal } from './footprint.js';
import { parse, type Node } from './parser.js';
import { Resolver } from './resolve.js';
import { restlessConstructs } from './restless.js';
import { RULES, type Rules } from './rules.js';

export interface StatementText {
  readonly name: string;
  readonly text: string;
}

const ODD = 'statements mean something else under it than is understood here';

/** What a statement reads, from its text. Pure: the same text and catalogue give the same footprint with the same id. */
export function analyse(statement: StatementText, catalog: Catalog, rules = RULES): Analysis {
  try {
    const select = parseSelect(statement.text);
    const odd = catalog.peculiarities.map((construct) => ({ construct, reason: ODD, position: undefined }));
    const reasons = [...odd, ...restlessConstructs(select.node, catalog)];
    return reasons.length > 0
      ? { kind: 'refused', reasons }
      : { kind: 'cacheable', footprint: footprintOf(statement, select.statement, catalog, rules) };
  } catch (error) {
    if (error instanceof NotCacheable) return { kind: 'refused', reasons: [refusalOf(error)] };
    if (error instanceof RangeError)
      return {
        kind: 'refused',
        reasons: [{ construct: 'statement', reason: 'nested too deeply', position: undefined }],
      };
    throw error;
  }
}

function refusalOf({ construct, reason, position }: NotCacheable): Refusal {
  return { construct, reason, position };
}

function footprintOf({ name, text }: StatementText, select: SelectStmt, catalog: Catalog, rules: Rules): Footprint {
  const resolver = new Resolver(catalog);
  const query = resolver.statement(select);
  const occurrences = [...new Derivation(query, rules).readings.values()].map(occurrenceOf);
  const parameters = resolver.typing.parameters.list();
  const content = { name, occurrences, relations: [...resolver.relations].sort(), parameters };
  return { id: statementId(name, `${JSON.stringify(content)}\n${text}`), ...content };
}

function occurrenceOf({ table, where, implied, columns }: Reading): Occurrence {
  const { facts } = table;
  const read = new Set([...columns, ...[...where, ...implied].flatMap(columnsOf).map((c) => c.name)]);
  return {
    alias: table.alias,
    table: facts.name,
    root: facts.root,
    members: table.only ? [facts.name] : facts.members,
    where,
    implied,
    columns: [...columns].sort(),
    taggable: facts.identityColumns.filter((c) => read.has(c)).sort(),
    types: Object.fromEntries(facts.columns.filter((c) => read.has(c.name)).map((c) => [c.name, c.type])),
  };
}

function parseSelect(text: string): { node: Node; statement: SelectStmt } {
  const statements = parsed(text);
  const [node] = statements;
  if (node === undefined || statements.length > 1) throw new NotCacheable('statement', 'one statement is needed');
  if (!('SelectStmt' in node)) throw new NotCacheable(Object.keys(node)[0] ?? 'statement', 'not a SELECT');
  return { node, statement: node.SelectStmt };
}

function parsed(text: string): readonly Node[] {
  try {
    return parse(text);
  } catch (error) {
    throw new NotCacheable('text', `does not parse: ${error instanceof Error ? error.message : String(error)}`);
  }
}
