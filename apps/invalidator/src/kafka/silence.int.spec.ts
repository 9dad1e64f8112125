import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Kafka, logLevel } from 'kafkajs';
import { LogConsumer } from './log-consumer.js';

const LIMIT_MS = 200;

/** What the client itself makes of a broker: how often it was heard before it was given up once. */
async function heardFrom(port: number, retries: number): Promise<{ heard: number; reason: string }> {
  const kafka = new Kafka({
    brokers: [`127.0.0.1:${port}`],
    connectionTimeout: LIMIT_MS,
    requestTimeout: LIMIT_MS,
    retry: { retries, initialRetryTime: 1, maxRetryTime: 1 },
    logLevel: logLevel.NOTHING,
  });
  let [heard, reason] = [0, ''];
  const consumer: LogConsumer = new LogConsumer({
    createConsumer: () => kafka.consumer({ groupId: 'g' }),
    topics: ['changes'],
    eachBatch: async () => undefined,
    onAssigned: () => undefined,
    onSignOfLife: () => (heard += 1),
    onState: (state) => state.kind === 'waiting' && (reason = state.reason),
    isFatal: () => false,
    pauseMs: () => 0,
    pause: () => consumer.stop(),
    nowMs: () => 0,
  });
  await consumer.run();
  return { heard, reason };
}

describe('to a consumer without a partition', () => {
  let server: Server;
  const sockets: Socket[] = [];
  let port: number;
  beforeAll(async () => {
    server = createServer((socket) => void sockets.push(socket.resume()));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  });

  test.each([
    [0, /ApiVersions.* timed out/],
    [1, /Broker not connected/],
  ])(
    'a broker that takes connections and says nothing gives no sign of life, also asked %i times more',
    async (retries, why) => {
      const { heard, reason } = await heardFrom(port, retries);
      expect(reason).toMatch(why);
      expect(heard).toBe(0);
    },
  );

  test('one that refuses them does', async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
    expect((await heardFrom(port, 1)).heard).toBe(1);
  });
});
