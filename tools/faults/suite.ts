import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { Random } from '../demo-data/random.js';
import type { Stack } from '../stack/stack.js';
import { type Address, addressesOf } from './addresses.js';
import { AppliedWatch } from './applied-watch.js';
import { Deployment, type DeploymentOptions } from './deployment.js';
import type { Fault } from './fault.js';
import { faultsOf } from './faults.js';
import { authorization } from './place.js';
import type { Plan } from './plan.js';
import { quietCheck } from './quiet-check.js';
import { Reader, type Tally } from './reader.js';
import { Scene, WRITERS } from './scene.js';
import { Story, time } from './story.js';
import { Writer } from './writer.js';

const READERS = 5;
/** How much a measured staleness may be off: the clock of the database is known to within a round trip. */
const SLACK_MS = 1500;
/** In so many rounds nobody writes any more once the fault is over: a later change of the same row would make good what was missed. */
const NO_MORE_WRITES = 0.5;
const STEADY_MS = { shortest: 500, longest: 2500 };
const FAULT_MS = { shortest: 300, longest: 6000 };

export interface SuiteOptions {
  readonly stack: Stack;
  readonly seed: number;
  readonly plan: Plan;
  readonly maxStalenessMs: number;
  readonly deployment: DeploymentOptions;
  readonly log: (line: string) => void;
}

export interface Verdict extends Tally {
  readonly stale: number;
  readonly lost: number;
  /** Entries compared with the database while nothing moved. */
  compared: number;
  readonly transactions: number;
  readonly faults: number;
  /** What went wrong first. */
  readonly story: string | undefined;
}

interface World {
  readonly deployment: Deployment;
  readonly watch: AppliedWatch;
  readonly writers: readonly Writer[];
}

/** Readers and writers without pause, one fault after another, and after each a moment of quiet in which every entry is compared. */
export class Suite {
  private readonly tally = { audited: 0, cached: 0, bypassed: 0, failed: 0, compared: 0, stale: 0, lost: 0 };
  private readonly story = new Story();
  private readonly scene = new Scene();
  private readonly addresses: readonly Address[] = addressesOf(this.scene);
  private wrong: string | undefined;
  private faults = 0;

  constructor(private readonly options: SuiteOptions) {}

  async run(): Promise<Verdict> {
    const { options } = this;
    const { stack } = options;
    await this.seed();
    const { 'read-api': reader, ...others } = options.deployment;
    const env = { MAX_STALENESS: `${options.maxStalenessMs}ms`, ...reader?.env };
    const deployment = await Deployment.begin(stack, { ...others, 'read-api': { ...reader, env } });
    const watch = new AppliedWatch({ ...stack.redis, db: 1 });
    const writers = this.writers(watch);
    const readers = this.readers(deployment);
    try {
      await this.breakThings({ deployment, watch, writers });
    } finally {
      await Promise.all(readers.map((reader) => reader.end()));
      await Promise.all(writers.map((writer) => writer.end()));
      await watch.end();
      await deployment.end();
    }
    const transactions = writers.reduce((sum, writer) => sum + writer.transactions, 0);
    return { ...this.tally, transactions, faults: this.faults, story: this.wrong };
  }

  private async seed(): Promise<void> {
    const client = new Client({ connectionString: this.options.stack.ownerUrl });
    await client.connect();
    await this.scene.seed(client, Date.now());
    await client.end();
  }

  private writers(watch: AppliedWatch): Writer[] {
    const { stack, seed } = this.options;
    return Array.from({ length: WRITERS }, (_, owner) => {
      const random = new Random(seed, 100 + owner);
      return new Writer({
        url: stack.ownerUrl,
        scene: this.scene,
        owner,
        random,
        onBegun: (xid, written) => watch.expect(xid, written),
      });
    });
  }

  private readers({ services }: Deployment): Reader[] {
    const { seed, maxStalenessMs } = this.options;
    return Array.from({ length: READERS }, (_, i) => {
      const random = new Random(seed, 200 + i);
      return new Reader({
        url: services['read-api'].url,
        authorization,
        addresses: shuffled(this.addresses, random),
        random,
        tally: this.tally,
        boundMs: maxStalenessMs + SLACK_MS,
        onViolation: (violation, address, answer) => {
          this.tally.stale += 1;
          this.wrong ??= this.story.ofViolation(violation, address, answer);
        },
      });
    });
  }

  private async breakThings(world: World): Promise<void> {
    const { seed, plan } = this.options;
    const random = new Random(seed, 1);
    for (const faults of plan(faultsOf(world.deployment, random), random)) {
      // What does not come back in time is lost as well as any change.
      await this.round(world, faults, random).catch((error: unknown) => {
        this.tally.lost += 1;
        this.wrong ??= this.story.ofTrouble(error);
      });
      this.report(faults.map(({ name }) => name).join(' + '));
      if (this.wrong !== undefined) return;
    }
  }

  private async round(world: World, faults: readonly Fault[], random: Random): Promise<void> {
    const { deployment, writers } = world;
    for (const writer of writers) writer.run();
    await pause(random.between(STEADY_MS.shortest, STEADY_MS.longest));
    await this.endure(faults, random);
    const halt = (): Promise<unknown> => Promise.all(writers.map((writer) => writer.halt()));
    // Not to be waited for: the commit in hand may need what is not mended yet.
    const halted = random.chance(NO_MORE_WRITES) ? halt() : undefined;
    await deployment.settle();
    await (halted ?? halt());
    if (this.wrong === undefined) await this.compare(world);
  }

  private async endure(faults: readonly Fault[], random: Random): Promise<void> {
    await Promise.all(
      faults.map(async ({ name, run }) => {
        const ms = random.between(FAULT_MS.shortest, FAULT_MS.longest);
        this.faults += 1;
        this.story.note(`${name}, ${ms} ms`);
        // Two at once may get in each other's way: what one has ended the other cannot freeze.
        await run(ms).catch((error: unknown) => this.tell(`${name}: ${String(error).split('\n')[0]}`));
        this.story.note(`${name} is over`);
      }),
    );
  }

  private async compare({ deployment, watch }: World): Promise<void> {
    this.story.note('quiet');
    const { compared, lost } = await quietCheck({
      url: deployment.services['read-api'].url,
      authorization,
      databaseUrl: this.options.stack.ownerUrl,
      addresses: this.addresses,
      watch,
    });
    this.tally.compared += compared;
    this.story.note(`${compared} entries compared`);
    if (lost === undefined) return;
    this.tally.lost += 1;
    this.wrong ??= this.story.ofLost(lost);
  }

  private tell(line: string): void {
    this.story.note(line);
    this.options.log(`${time(Date.now())}  ${line}`);
  }

  private report(fault: string): void {
    const { audited, cached, bypassed, failed, compared } = this.tally;
    this.options.log(
      `${time(Date.now())}  ${fault.padEnd(50)} audited ${audited}, cached ${cached}, bypassed ${bypassed}, no answer ${failed}, compared ${compared}`,
    );
  }
}

/** Each reader has favourites of its own. */
function shuffled<T>(list: readonly T[], random: Random): T[] {
  return list
    .map((item) => ({ item, place: random.unit() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
