import { type Stream, type StreamPosition } from '@freshet/cache-engine';
import { type Admin } from 'kafkajs';

/** Asks the broker for the offset that the next record of each partition will get. Connects on first use; what failed is not used again. */
export function partitionEnds(createAdmin: () => Admin): (streams: readonly Stream[]) => Promise<StreamPosition[]> {
  let connected: Promise<Admin> | undefined;
  const connect = async (): Promise<Admin> => {
    const admin = createAdmin();
    await admin.connect();
    return admin;
  };
  return async (streams) => {
    connected ??= connect();
    try {
      const admin = await connected;
      const topics = [...new Set(streams.map(({ topic }) => topic))];
      return (await Promise.all(topics.map((topic) => endsOf(admin, topic)))).flat();
    } catch (error) {
      void connected.then((admin) => admin.disconnect()).catch(() => undefined);
      connected = undefined;
      throw error;
    }
  };
}

async function endsOf(admin: Admin, topic: string): Promise<StreamPosition[]> {
  const ends = await admin.fetchTopicOffsets(topic);
  return ends.map(({ partition, high }) => ({ topic, partition, offset: BigInt(high) }));
}
