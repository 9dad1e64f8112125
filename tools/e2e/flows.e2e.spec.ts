import { flows } from '../flows/flows.js';
import { play } from '../flows/play.js';
import { World } from './world.js';

jest.setTimeout(180_000);

/** The longer run: `node tools/run.mjs tools/flows/run.ts --rounds 10000`. */
describe('the flows of the front end', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.begin();
  });
  afterAll(() => world?.end());

  it('always see their own write when the cookie goes with the reads, and are still served from the store', async () => {
    const tally = await play(world, { rounds: 99, tabs: 3, cookie: true });
    expect(tally.missed).toEqual([]);
    expect(tally.rounds).toBeGreaterThanOrEqual(Object.keys(flows).length * 9);
    expect(tally.hits).toBeGreaterThan(0);
  });
});
