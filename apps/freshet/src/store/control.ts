import { controlKeys } from '@freshet/cache-keys';
import { type Hold } from '@freshet/cache-engine';
import { parseHold, type StoreConnection } from '@freshet/redis-store';

const { control, fence, footprints, facts, schemes } = controlKeys;

/** What stands in front of every entry, and what the invalidator has left behind. */
export interface ControlState {
  readonly incarnation: string | undefined;
  readonly epoch: number | undefined;
  readonly watermarkMs: number | undefined;
  readonly heartbeat: string | undefined;
  readonly floor: string | undefined;
  /** Something of the log is lost, and nothing is stored until new snapshots are known to have it. */
  readonly hold: Hold | undefined;
  readonly schemaVersion: number;
  readonly disabled: readonly string[];
  /** Stream → offset of the last record applied. */
  readonly offsets: ReadonlyMap<string, string>;
  readonly fenceSize: number;
  readonly footprints: number;
  readonly tables: number;
  readonly schemes: number;
  /** The store's own clock. */
  readonly storeMs: number;
}

export async function readControl(redis: StoreConnection): Promise<ControlState> {
  const [head, fenceSize, footprintCount, tables, schemeCount, [seconds, micros]] = await Promise.all([
    redis.hgetall(control),
    redis.zcard(fence),
    redis.hlen(footprints),
    redis.hlen(facts),
    redis.scard(schemes),
    redis.time(),
  ]);
  const field = (name: string): string | undefined => head[name];
  const numberOf = (name: string): number | undefined => (head[name] === undefined ? undefined : Number(head[name]));
  const offsets = Object.entries(head).filter(([name]) => name.startsWith('offset:'));
  return {
    incarnation: field('incarnation'),
    epoch: numberOf('epoch'),
    watermarkMs: numberOf('watermark'),
    heartbeat: field('heartbeat'),
    floor: field('floor'),
    hold: parseHold(field('hold')),
    schemaVersion: numberOf('schema') ?? 0,
    disabled: (head['disabled'] ?? '').split(',').filter((model) => model !== ''),
    offsets: new Map(offsets.map(([name, offset]) => [name.slice('offset:'.length), offset])),
    fenceSize,
    footprints: footprintCount,
    tables,
    schemes: schemeCount,
    storeMs: Number(seconds) * 1000 + Math.floor(Number(micros) / 1000),
  };
}
