import { Redis } from 'ioredis';
import { placeFrom } from '../stack/place.js';
import { type Stack, stackStatus, startStack } from '../stack/stack.js';
import { breaks } from './breaks.js';
import { PLACE } from './place.js';
import { inTurn } from './plan.js';
import { Suite, type SuiteOptions, type Verdict } from './suite.js';

jest.setTimeout(300_000);

const SEED = 11;
const ROUNDS = [
  ['kill invalidator', 'clock of read-api steps'],
  ['the disk of redis is full', 'invalidator-kafka deaf'],
  ['commits become visible late', 'replay the log'],
  ['kill redis', 'connect-postgres cut'],
  ['kill postgres', 'another invalidator takes over from one that is frozen'],
  ['the log is cut off while the invalidator is away'],
];

describe(`the fault suite, seed ${SEED}`, () => {
  const place = placeFrom({ ...PLACE, ...process.env });
  const ours = Object.keys(stackStatus(place.dir)).length === 0;
  let stack: Stack;

  beforeAll(async () => {
    stack = await startStack(place);
  });
  afterAll(() => (ours ? stack.discard() : emptyStore()));

  /** What the broken invalidator left behind is stored, listed nowhere, and would be served to whoever comes next. */
  const emptyStore = async (): Promise<void> => {
    const redis = new Redis({ ...stack.redis, db: 1 });
    await redis.flushdb();
    redis.disconnect();
  };

  const run = (options: Pick<SuiteOptions, 'plan' | 'maxStalenessMs' | 'deployment'>): Promise<Verdict> =>
    new Suite({ stack, seed: SEED, log: () => undefined, ...options }).run();

  it('finds nothing stale and nothing lost under a fault of each kind', async () => {
    const verdict = await run({ plan: inTurn(ROUNDS), maxStalenessMs: 5000, deployment: {} });
    const { story, stale, lost, faults, audited, compared } = verdict;
    expect({ story, stale, lost, faults }).toEqual({
      story: undefined,
      stale: 0,
      lost: 0,
      faults: ROUNDS.flat().length,
    });
    expect(Math.min(audited, compared)).toBeGreaterThan(0);
  });

  it('notices an invalidator that deletes nothing', async () => {
    const rounds = Array<string[]>(5).fill(['replay the log']);
    const { story, stale, lost } = await run({ plan: inTurn(rounds), ...breaks('no-delete') });
    expect(story).toMatch(/^(STALE|LOST) /);
    expect(stale + lost).toBeGreaterThan(0);
  });
});
