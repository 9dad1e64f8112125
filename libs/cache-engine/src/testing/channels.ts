import { type EntryStore, type News } from '../store.js';
import { textOf } from './memory-state.js';
import { type Shared } from './shared.js';
import { type Stage } from './stage.js';

/** A cache in a process, in front of its store, that is told news over a channel of its own. */
export interface NearFront extends EntryStore {
  connected(): void;
  broke(): void;
  hear(news: News): void;
  /** What it will answer follows from this, while no lookup is on its way. */
  readonly knowledge: unknown;
}

interface Told {
  readonly news: News | 'connected';
  /** Transactions that were applied to the last row when it was told. */
  readonly applied: readonly number[];
}

/** What a process has yet to hear, in the order in which it was told. Of a closed one nothing more is told. */
export interface Channel {
  readonly open: boolean;
  readonly queue: readonly Told[];
}

/** The channels of all processes that listen. */
export class Channels {
  private all: readonly Channel[];

  constructor(count: number) {
    this.all = Array.from({ length: count }, () => ({ open: true, queue: [] }));
  }

  tell(news: News, applied: readonly number[]): void {
    this.all = this.all.map((channel) =>
      channel.open ? told(channel, { news, applied: news.kind === 'watermark' ? applied : [] }) : channel,
    );
  }

  has(listener: number, kinds: Kinds): boolean {
    return this.all[listener]?.queue.some(kinds) === true;
  }

  take(listener: number, kinds: Kinds): Told | undefined {
    const { open, queue } = this.all[listener] ?? CLOSED;
    const first = queue.find(kinds);
    this.all = this.all.with(listener, { open, queue: queue.filter((one) => one !== first) });
    return first;
  }

  /** The answer comes over the channel itself. */
  subscribe(listener: number): void {
    this.all = this.all.with(listener, told({ open: true, queue: [] }, { news: 'connected', applied: [] }));
  }

  isOpen(listener: number): boolean {
    return this.all[listener]?.open === true;
  }

  /**
   * What was told and is not heard yet is lost. That a channel broke is heard at once: had it brought some of it before, or been silent for
   * a while, it is the same as if it broke later.
   */
  cut(listener: number): void {
    this.all = this.all.with(listener, CLOSED);
  }

  become({ all }: Channels): void {
    this.all = all;
  }

  get fingerprint(): string {
    return textOf(this.all);
  }
}

type Kinds = (told: Told) => boolean;
const CLOSED: Channel = { open: false, queue: [] };

function told({ open, queue }: Channel, one: Told): Channel {
  return { open, queue: [...queue, one] };
}

/**
 * A single caller minds what is heard while it waits for one of these: before a read, or while a lookup is on its way. At any other
 * time it is the same to hear it later.
 */
const MINDING: ReadonlySet<string> = new Set(['reads on', 'get control', 'get entry', 'hears answer', 'pause']);

const isWatermark: Kinds = ({ news }) => typeof news === 'object' && news.kind === 'watermark';
const isAny: Kinds = () => true;

interface Around {
  readonly shared: Shared;
  readonly stage: Stage;
  readonly number: number;
  /** Deletes and watermarks come over channels of their own. */
  readonly torn: boolean;
  readonly breaks: boolean;
}

/** One process, as far as it listens: as `followNews` does, it starts from nothing whenever the channel breaks. */
export class Listening {
  /** Transactions that it has heard to be applied. */
  heard: readonly number[] = [];

  constructor(
    private readonly around: Around,
    readonly front: NearFront,
  ) {
    front.connected();
    front.hear({ kind: 'watermark', ms: 0, epoch: around.shared.firstEpoch });
  }

  /** @param busy how many callers there are yet */
  listen(busy: () => number): void {
    const { torn, stage } = this.around;
    const minds = (): boolean =>
      busy() > 0 && (busy() > 1 || [...stage.waiting.values()].some(({ step }) => MINDING.has(step)));
    if (torn) void this.follow(minds, (told) => !isWatermark(told));
    void this.follow(minds, torn ? isWatermark : isAny);
    if (this.around.breaks) void this.connectAgain(minds);
  }

  get knowledge(): unknown {
    return [this.heard, this.front.knowledge];
  }

  private async follow(minds: () => boolean, kinds: Kinds): Promise<never> {
    const { stage, shared, number } = this.around;
    const { channels } = shared;
    for (;;) {
      const told = await stage.when(
        () => minds() && channels.has(number, kinds),
        'hears news',
        () => channels.take(number, kinds),
      );
      if (told?.news === 'connected') this.front.connected();
      else if (told !== undefined) this.hear(told.news, told.applied);
    }
  }

  private async connectAgain(minds: () => boolean): Promise<never> {
    const { stage, shared, number } = this.around;
    for (;;) {
      const breakable = (): boolean => minds() && shared.left.breaks > 0 && shared.channels.isOpen(number);
      await stage.when(breakable, 'channel breaks', () => shared.breakChannel(number));
      this.front.broke();
      await stage.pace('subscribes', () => shared.channels.subscribe(number));
    }
  }

  private hear(news: News, applied: readonly number[]): void {
    this.front.hear(news);
    if (news.kind === 'watermark') this.heard = applied;
  }
}

/** Answers to lookups are a while on their way. */
export function slowAnswers(store: EntryStore, stage: Stage): EntryStore {
  return new Proxy(store, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      if (name !== 'lookup') return value.bind(target) as unknown;
      return async (...args: Parameters<EntryStore['lookup']>) => {
        const found = await target.lookup(...args);
        await stage.pace('hears answer', () => undefined);
        return found;
      };
    },
  });
}
