import { type Consumer, Kafka, logLevel } from 'kafkajs';
import { nowMs } from '../process-figures.js';

const MEBIBYTE = 1024 * 1024;

/** The invalidator's own fetch settings, so that the two differ in what they do with a record and in nothing else. */
const FETCH = { maxBytesPerPartition: 2 * MEBIBYTE, maxBytes: 8 * MEBIBYTE, minBytes: 1, maxWaitTimeInMs: 250 };
const JOIN_MS = 20_000;

/** A batch as it arrived. */
export interface Arrival {
  readonly atMs: number;
  readonly lastOffset: number;
  readonly records: readonly { readonly offset: number; readonly value: Buffer | null; readonly timestampMs: number }[];
}

/** What a record says of its origin. */
export interface Origin {
  readonly commitMs: number;
  readonly xid: number;
  readonly table: string;
}

/** The peer: a consumer of the same topic in a group of its own that does nothing with a record but note when it came. */
export class BareConsumer {
  readonly arrivals: Arrival[] = [];

  private constructor(private readonly consumer: Consumer) {}

  /** Resolves when it reads the end of the topic. */
  static async start(broker: string, topic: string): Promise<BareConsumer> {
    const kafka = new Kafka({ clientId: 'freshet-bench', brokers: [broker], logLevel: logLevel.NOTHING });
    const consumer = kafka.consumer({ groupId: `freshet-bench-${process.pid}-${Date.now()}`, ...FETCH });
    const bare = new BareConsumer(consumer);
    const fetching = new Promise<void>((resolve, reject) => {
      consumer.on(consumer.events.FETCH, () => resolve());
      setTimeout(() => reject(new Error('the bare consumer got no first batch')), JOIN_MS).unref();
    });
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: false });
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch: { messages } }) => {
        const atMs = nowMs();
        const records = messages.map(({ offset, value, timestamp }) => ({
          offset: Number(offset),
          value,
          timestampMs: Number(timestamp),
        }));
        bare.arrivals.push({ atMs, lastOffset: records.at(-1)?.offset ?? -1, records });
      },
    });
    await fetching;
    return bare;
  }

  async stop(): Promise<void> {
    await this.consumer.disconnect();
  }
}

/** Undefined for a record without a transaction. */
export function originOf(value: Buffer | null): Origin | undefined {
  if (value === null) return undefined;
  const { source } = JSON.parse(value.toString()) as { source?: { ts_us?: number; txId?: number; table?: string } };
  if (source?.ts_us === undefined || source.txId == null) return undefined;
  return { commitMs: source.ts_us / 1000, xid: source.txId, table: source.table ?? '' };
}
