import { readFileSync, writeFileSync } from 'node:fs';
import type { Case, Change, Entry } from './case.js';
import { arrayText, sqlValue } from './product.js';
import type { Session } from './session.js';

/** Ways to run a statement that differ as much as can be. Each begins by setting everything back. */
const PLANS: readonly string[] = [
  '',
  'SET enable_seqscan = off; SET enable_hashagg = off; SET enable_hashjoin = off',
  'SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_material = off',
];
const SETTINGS = ['seqscan', 'hashagg', 'hashjoin', 'mergejoin', 'material'];
const PLAIN = SETTINGS.map((name) => `RESET enable_${name}`).join('; ');

/** An answer as one text; a failure, which is never cached, as a text that begins so. */
const FAILED = '!';
type Answers = ReadonlyMap<string, readonly string[]>;

/** Writes into a file of cases what PostgreSQL makes of each: `expect`, and the order of each answer. */
export async function labelFile(session: Session, path: string, schemas: ReadonlyMap<string, string>): Promise<void> {
  const cases: Case[] = [];
  for (const c of JSON.parse(readFileSync(path, 'utf8')) as Case[]) cases.push(await labelled(session, c, schemas));
  writeFileSync(path, `[\n${cases.map(caseText).join(',\n')}\n]\n`);
}

/** An answer has changed when it did by one of the plans: what a plan finds first is not the statement's affair. */
async function labelled(session: Session, c: Case, schemas: ReadonlyMap<string, string>): Promise<Case> {
  await session.begin(c, schemas);
  const entries = c.entries.map((e): Entry => ({ order: /\border by (?!.*\))/i.test(e.sql) ? 'list' : 'bag', ...e }));
  const asked = entries.filter((e) => e.cacheable !== false);
  const changes: Change[] = [];
  let before = await answers(session, asked);
  for (const change of c.changes) {
    await session.apply(change);
    const after = await answers(session, asked);
    const changed = ({ id }: Entry) =>
      before.get(id)?.some((text, i) => !text.startsWith(FAILED) && text !== after.get(id)?.[i]) === true;
    const expect = asked.map((e) => [e.id, changed(e) ? 'changed' : 'same'] as const);
    changes.push({ ...change, expect: Object.fromEntries(expect) });
    before = after;
  }
  return { ...c, entries, changes };
}

async function answers(session: Session, entries: readonly Entry[]): Promise<Answers> {
  const all = new Map<string, string[]>(entries.map(({ id }) => [id, []]));
  for (const plan of PLANS) {
    await session.run(`${PLAIN}; ${plan}`);
    for (const e of entries) all.get(e.id)?.push(await answer(session, e));
  }
  await session.run(PLAIN);
  return all;
}

async function answer(session: Session, { sql, params = [], order }: Entry): Promise<string> {
  const values = params.map(sqlValue).map((v) => (Array.isArray(v) ? arrayText(v) : v));
  try {
    const { fields, rows } = await session.client.query<unknown[]>({
      text: sql,
      values,
      rowMode: 'array',
      types: TEXTS,
    });
    const lines = rows.map((row) => JSON.stringify(row));
    return JSON.stringify([fields.map((f) => f.name), order === 'list' ? lines : lines.sort()]);
  } catch (error) {
    return `${FAILED}${(error as { code?: string }).code}`;
  }
}

/** Values as PostgreSQL writes them. */
const TEXTS = { getTypeParser: () => (text: unknown) => text } as never;

/** One entry and one change a line: what changes shows in a diff. */
function caseText(c: Case): string {
  const fields = Object.entries(c).map(([name, value]) => {
    const lines = Array.isArray(value)
      ? `[\n   ${value.map((v) => JSON.stringify(v)).join(',\n   ')}\n  ]`
      : JSON.stringify(value);
    return `"${name}": ${lines}`;
  });
  return ` {\n  ${fields.join(',\n  ')}\n }`;
}
