import { parseEnvelope, type Row, type RowChange } from '@freshet/row-change';
import { catalogOf } from './catalog-for-tests.js';
import { coalesce } from './coalesce.js';
import { knownRows } from './images.js';
import { change, factsIn } from './matters-for-tests.js';

const PLACEHOLDER = '__debezium_unavailable_value';
const catalog = catalogOf({ note: 'id int8 key, label text, body text' });
const factsOf = factsIn(catalog);

/** The same numbers on every run (mulberry32). */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** As the connector writes it: an unchanged large value is not logged again. */
function logged(before: Row | undefined, after: Row | undefined): RowChange {
  const op = before === undefined ? 'c' : after === undefined ? 'd' : 'u';
  const kept = before !== undefined && after !== undefined && before['body'] === after['body'];
  const source = { ts_us: 1_700_000_000_000_000, schema: 'public', table: 'note', txId: 1, lsn: 5 };
  const written = kept ? { ...after, body: PLACEHOLDER } : after;
  const text = JSON.stringify({ before: before ?? null, after: written ?? null, source, op });
  const parsed = parseEnvelope(Buffer.from(text));
  if (parsed.kind !== 'change' || parsed.change.kind !== 'row') throw new Error(`not a row: ${text}`);
  return parsed.change;
}

/** One transaction on a few rows: what was logged of it, and the table before and after. */
function transaction(random: (below: number) => number) {
  const rowOf = (id: number): Row => ({ id, label: `l${random(3)}`, body: `b${random(2)}` });
  const table = new Map<number, Row>();
  for (let id = 0; id < 3; id += 1) if (random(2) === 0) table.set(id, rowOf(id));
  const began = new Map(table);
  const changes: RowChange[] = [];
  for (let steps = 2 + random(5); steps > 0; steps -= 1) {
    const id = random(4);
    const before = table.get(id);
    const after = before !== undefined && random(3) === 0 ? undefined : rowOf(id);
    changes.push(logged(before, after));
    if (after === undefined) table.delete(id);
    else table.set(id, after);
  }
  return { changes, began, ended: table };
}

const facts = factsOf({ schema: 'public', table: 'note' });

/** The rows of the changes as a statement would see them. */
function seen(net: readonly RowChange[]): [unknown, Row | undefined, Row | undefined][] {
  if (facts === undefined) throw new Error('no facts');
  return net
    .map((c): [unknown, Row | undefined, Row | undefined] => {
      const { before, after } = knownRows(c, facts);
      return [(before ?? after)?.['id'], before, after];
    })
    .sort(([a], [b]) => Number(a) - Number(b));
}

describe('changes of one transaction', () => {
  test('come to what was before it and what is after it, row by row', () => {
    const random = generator(7);
    for (let run = 0; run < 1000; run += 1) {
      const { changes, began, ended } = transaction(random);
      const touched = [...new Set(changes.map((c) => Number((c.before ?? c.after)?.['id'])))].sort((a, b) => a - b);
      const expected = touched
        .filter((id) => began.has(id) || ended.has(id))
        .map((id) => [id, began.get(id), ended.get(id)]);
      expect(seen(coalesce(changes, factsOf))).toEqual(expected);
    }
  });

  test('of rows that change once are the ones that were given, as many as there were', () => {
    const changes = [1, 2, 3].map((id) => logged({ id, label: 'a', body: 'b' }, { id, label: 'c', body: 'b' }));
    expect(coalesce(changes, factsOf)).toEqual(changes);
  });

  test('are fewer whenever something was put together', () => {
    const one = { id: 1, label: 'a', body: 'b' };
    const moved = { ...one, id: 2 };
    expect(coalesce([change('note', one, moved), change('note', moved, one)], factsOf)).toHaveLength(1);
  });
});
