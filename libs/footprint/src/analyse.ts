import { statementId } from '@freshet/cache-keys';
import type { RawStmt, SelectStmt } from 'libpg-query';
import type { Catalog } from './catalog.js';
import { Derivation } from './derive.js';
import type { Reading } from './descend.js';
import { Refused } from './errors.js';
import { columnsOf } from './expr.js';
import type { Analysis, Footprint, Occurrence, Refusal } from './footprint.js';
import { firstWord, placeOfKeyword, placesOfLocks } from './keywords.js';
import { SyntaxFault, statementsOf, type Node } from './parser.js';
import { firstPlace, ownPlace } from './places.js';
import { Resolver } from './resolve.js';
import { LOCKS, restlessConstructs } from './restless.js';
import { RULES, type Rules } from './rules.js';

export interface StatementText {
  readonly name: string;
  readonly text: string;
}

const ODD = 'statements mean something else under it than is understood here';

/** What a statement reads, from its text. Pure: the same text and catalogue give the same footprint with the same id. */
export function analyse(statement: StatementText, catalog: Catalog, rules = RULES): Analysis {
  const { text } = statement;
  try {
    const select = parseSelect(text);
    const odd = catalog.peculiarities.map((construct): Refusal => ({ construct, reason: ODD, position: 'settings' }));
    const reasons = [...odd, ...restlessIn(text, select.node, catalog)];
    return reasons.length > 0
      ? { kind: 'refused', reasons }
      : { kind: 'cacheable', footprint: footprintOf(statement, select.statement, catalog, rules) };
  } catch (error) {
    return { kind: 'refused', reasons: [refusalOf(error, text)] };
  }
}

function refusalOf(error: unknown, text: string): Refusal {
  if (error instanceof Refused) {
    const { construct, reason, position } = error;
    return { construct, reason, position: placeOfKeyword(text, construct, position) };
  }
  if (error instanceof RangeError)
    return { construct: 'statement', reason: 'nested too deeply', position: firstWord(text) };
  throw error;
}

/** Where each begins. Several locks of one statement say the same: their places are told in order. */
function restlessIn(text: string, tree: Node, catalog: Catalog): readonly Refusal[] {
  const found = restlessConstructs(tree, catalog);
  const locks = found.some(({ construct }) => construct === LOCKS) ? [...placesOfLocks(text)] : [];
  return found.map(({ construct, reason, node }) => {
    const beside = ownPlace(node) ?? firstPlace(node['relation'] ?? node['rel'] ?? node) ?? 0;
    const position = construct === LOCKS ? (locks.shift() ?? 0) : placeOfKeyword(text, construct, beside);
    return { construct, reason, position };
  });
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
  const [first, second] = parsed(text);
  const one = 'one statement is needed';
  if (first?.stmt === undefined) throw new Refused('statement', one, 0);
  if (second !== undefined) throw new Refused('statement', one, firstWord(text, second.stmt_location ?? 0));
  const node = first.stmt;
  if ('SelectStmt' in node) return { node, statement: node.SelectStmt };
  throw new Refused(Object.keys(node)[0] ?? 'statement', 'not a SELECT', firstWord(text));
}

function parsed(text: string): readonly RawStmt[] {
  try {
    return statementsOf(text);
  } catch (error) {
    if (!(error instanceof SyntaxFault)) throw error;
    throw new Refused('text', `does not parse: ${error.message}`, error.position);
  }
}
