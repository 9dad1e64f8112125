import { Service } from './services.js';
import { World } from './world.js';

jest.setTimeout(600_000);

const INVOICE = '/api/invoices/1/';
const MOST_STEPS = 40;

describe('R6: an invalidator that is killed', () => {
  let world: World;
  let crashing: Service;

  beforeAll(async () => {
    // The freshness gate must not hide what the protocol lets through.
    world = await World.begin({ MAX_STALENESS: '10m' });
    const program = ['tools/run.mjs', 'apps/invalidator/test/crashing.ts'];
    crashing = new Service(world.stack, 'invalidator', { port: world.stack.ports.invalidator, program });
  });
  afterAll(async () => {
    await crashing?.stop('SIGKILL');
    await world?.end();
  });

  it('before any step of a batch leaves nothing stale once it is back', async () => {
    let killed = 0;
    for (let step = 1; step <= MOST_STEPS; step++) {
      await world.warm(INVOICE);
      await world.invalidator.stop();
      await world.writer.query('UPDATE billing_invoice SET total_amount = $1 WHERE id = 1', [1000 + step]);
      await crashing.start({ CRASH_AT: String(step) }, '/live').catch(() => undefined);
      const survived = await Promise.race([crashing.gone().then(() => false), world.applied().then(() => true)]);
      await crashing.stop('SIGKILL');
      await world.invalidator.start();
      await world.applied();
      expect((await world.get(INVOICE)).body).toMatchObject({ total_amount: `${1000 + step}.000` });
      expect((await world.warm(INVOICE)).body).toMatchObject({ total_amount: `${1000 + step}.000` });
      if (survived) break;
      killed += 1;
    }
    // Fence, schemes, facts, members, standings, footprints, removal, listing, progress: fewer would mean that the kill came too early.
    expect(killed).toBeGreaterThanOrEqual(9);
    expect(killed).toBeLessThan(MOST_STEPS);
  });
});
