import { readFileSync } from 'node:fs';
import { type Case, type Fix, type Tokens } from './case.js';
import { replay } from './replay.js';
import { startScene, type Scene } from './scene.js';

const data = (name: string): string => readFileSync(`tools/parity/data/${name}`, 'utf8');
const tokens = JSON.parse(data('tokens.json')) as Tokens;
const fixes = JSON.parse(data('fixes.json')) as Record<string, Fix>;
const cases = data('cases.jsonl')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Case);

jest.setTimeout(180_000);
let scene: Scene;
beforeAll(async () => {
  const files = { schema: 'tools/parity/data/schema.sql', dataset: 'tools/parity/data/dataset.sql' };
  scene = await startScene({ ...files, secretKey: tokens.secret });
});
afterAll(() => scene.end());

test('every recorded answer is given, and given again from the cache', async () => {
  const found: string[] = [];
  const tally = await replay(scene.base, { cases, fixes, tokens }, true, (line) => found.push(line));
  expect(found).toEqual([]);
  expect(tally).toEqual({
    passed: cases.length - Object.keys(fixes).length,
    failed: 0,
    fixed: Object.keys(fixes).length,
  });
});

test('a wrong answer is found: another row, a lost fix, another status', async () => {
  const wrong = cases.slice(0, 1).flatMap((one) => [
    { ...one, body: { count: 1 } },
    { ...one, status: 404 },
  ]);
  const broken = cases.filter(({ id }) => fixes[id]?.kind === 'bad parameter').slice(0, 2);
  const found: string[] = [];
  const tally = await replay(scene.base, { cases: [...wrong, ...broken], fixes: {}, tokens }, false, (line) =>
    found.push(line),
  );
  expect([tally.failed, found.length]).toEqual([4, 4]);
});
