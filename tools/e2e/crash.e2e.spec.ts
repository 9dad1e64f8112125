import { Service } from './services.js';
import { World } from './world.js';

jest.setTimeout(600_000);

const INVOICE = '/api/invoices/1/';
const MOST_STEPS = 30;

describe('R6: an invalidator that is killed', () => {
  let world: World;
  let crashing: Service;
  let amount = 1000;

  beforeAll(async () => {
    // The freshness gate must not hide what the protocol lets through.
    world = await World.begin({ MAX_STALENESS: '10m' });
    const program = ['tools/run.mjs', 'apps/invalidator/test/crash-main.ts'];
    crashing = new Service(world.stack, 'invalidator', { port: world.stack.ports.invalidator, program });
  });
  afterAll(async () => {
    await crashing?.stop('SIGKILL');
    await world?.end();
  });

  /** Changes a row while nobody invalidates, and lets the process that dies at that step begin on it. Resolves to whether it died. */
  async function dieAt(step: string): Promise<boolean> {
    await world.warm(INVOICE);
    await world.invalidator.stop();
    amount += 1;
    await world.writer.query('UPDATE billing_invoice SET total_amount = $1 WHERE id = 1', [amount]);
    await crashing.start({ FRESHET_CRASH_STEP: step }, '/live').catch(() => undefined);
    // Whoever dies after the progress is published has applied the change all the same.
    const survived = step === 'published' ? new Promise<boolean>(() => undefined) : world.applied().then(() => false);
    const died = await Promise.race([crashing.gone().then(() => true), survived]);
    await crashing.stop('SIGKILL');
    await world.invalidator.start();
    await world.applied();
    return died;
  }

  async function expectFresh(): Promise<void> {
    const fresh = { total_amount: `${amount}.000` };
    expect((await world.get(INVOICE)).body).toMatchObject(fresh);
    expect((await world.warm(INVOICE)).body).toMatchObject(fresh);
  }

  it('before any step of a batch leaves nothing stale once it is back', async () => {
    let step = 1;
    for (; step <= MOST_STEPS; step++) {
      const died = await dieAt(String(step));
      await expectFresh();
      if (!died) break;
    }
    // Fence, schemes, facts, members, footprints, removal, progress: fewer would mean that the kill came too early.
    expect(step).toBeGreaterThan(7);
    expect(step).toBeLessThan(MOST_STEPS);
  });

  it('after it published its progress and before it committed its offset leaves nothing stale either', async () => {
    expect(await dieAt('published')).toBe(true);
    await expectFresh();
  });
});
