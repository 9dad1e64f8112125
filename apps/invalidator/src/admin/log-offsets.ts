import { type Admin } from 'kafkajs';
import { type ReplayRequest } from './requests.js';

export interface LogPlace {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}

/** Asks the broker where to replay from. */
export type FindPlaces = (request: ReplayRequest) => Promise<readonly LogPlace[]>;

export function placeFinder(createAdmin: () => Admin, topics: readonly string[]): FindPlaces {
  return async (request) => {
    const admin = createAdmin();
    await admin.connect();
    try {
      const asked = topics.filter((topic) => request.topic === undefined || request.topic === topic);
      const places = await Promise.all(asked.map((topic) => placesOf(admin, topic, request.from)));
      return places
        .flat()
        .filter(({ partition }) => request.partition === undefined || request.partition === partition);
    } finally {
      await admin.disconnect();
    }
  };
}

async function placesOf(admin: Admin, topic: string, from: ReplayRequest['from']): Promise<LogPlace[]> {
  if (from instanceof Date) {
    const found = await admin.fetchTopicOffsetsByTimestamp(topic, from.getTime());
    return found.map(({ partition, offset }) => ({ topic, partition, offset }));
  }
  const ends = await admin.fetchTopicOffsets(topic);
  return ends.map(({ partition, low, high }) => ({ topic, partition, offset: within(from, low, high) }));
}

function within(from: string, low: string, high: string): string {
  const wanted = from === 'beginning' ? BigInt(low) : BigInt(from);
  if (wanted < BigInt(low)) return low;
  return wanted > BigInt(high) ? high : wanted.toString();
}
