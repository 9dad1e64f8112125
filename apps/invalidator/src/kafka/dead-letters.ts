import { type Admin, CompressionTypes, type Producer } from 'kafkajs';
import { type LogRecord, type RecordSlice } from '../log-record.js';
import { type SendDeadLetters } from '../invalidation.js';
import { type Poison } from '../read-slice.js';

const SUFFIX = '.dead-letter';
/** A copy is as large as its record, plus its story; it is kept for a month. */
const SETTINGS = { 'retention.ms': 30 * 24 * 3600 * 1000, 'max.message.bytes': 17 * 1024 * 1024 };

export interface DeadLetterPorts {
  readonly producer: Producer;
  readonly admin: Admin;
}

/** The dead-letter topic was not reachable: the slice must be tried again. */
class DeadLettersUnavailable extends Error {
  readonly code = 'DEAD_LETTERS_UNAVAILABLE';
  readonly retriable = true;
  constructor(cause: unknown) {
    super('cannot write to the dead-letter topic', { cause });
  }
}

/**
 * Copies poison to `<topic>.dead-letter` with its bytes unchanged and its story in headers. Connects on first use: most days there is
 * none. A slice that is tried again sends its copies again.
 */
export function deadLetterSender({ producer, admin }: DeadLetterPorts): SendDeadLetters {
  const ready = new Map<string, Promise<void>>();
  const prepare = (topic: string): Promise<void> => {
    const known = ready.get(topic) ?? createTopic(admin, topic).then(() => producer.connect());
    ready.set(topic, known);
    known.catch(() => ready.delete(topic));
    return known;
  };
  return async (slice, poison) => {
    const topic = `${slice.topic}${SUFFIX}`;
    try {
      await prepare(topic);
      const messages = poison.map((one) => letter(slice, one));
      await producer.send({ topic, acks: -1, compression: CompressionTypes.GZIP, messages });
    } catch (error) {
      throw new DeadLettersUnavailable(error);
    }
  };
}

async function createTopic(admin: Admin, topic: string): Promise<void> {
  await admin.connect();
  try {
    if ((await admin.listTopics()).includes(topic)) return;
    const configEntries = Object.entries(SETTINGS).map(([name, value]) => ({ name, value: String(value) }));
    await admin.createTopics({ topics: [{ topic, numPartitions: 1, configEntries }], waitForLeaders: true });
  } finally {
    await admin.disconnect();
  }
}

function letter({ topic, partition }: RecordSlice, { record, reason, errorClass, table }: Poison) {
  const { key, value } = record;
  return {
    key,
    value,
    headers: headers(record, { topic, partition: String(partition), reason, class: errorClass, table }),
  };
}

function headers(record: LogRecord, story: Readonly<Record<string, string>>): Record<string, string> {
  const all = { ...story, offset: record.offset, timestamp: record.timestamp };
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [`freshet-${name}`, value]));
}
