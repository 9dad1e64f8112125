import { quietKafka } from '../../stack/kafka.js';

/** The offset that the next record of the topic's one partition will get. */
export async function endOffset(broker: string, topic: string): Promise<number> {
  const admin = quietKafka(broker).admin();
  await admin.connect();
  try {
    return Number((await admin.fetchTopicOffsets(topic))[0]?.high ?? 0);
  } finally {
    await admin.disconnect();
  }
}
