import { once } from 'node:events';
import { Agent, get, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { respond } from './respond.js';
import { sharedServer } from './server.js';

test('a server that is closed ends although a client goes on asking on the same connection', async () => {
  const held: (() => void)[] = [];
  const arrived: (() => void)[] = [];
  const api = (request: IncomingMessage, response: ServerResponse): void => {
    held.push(() => respond(request, response, { status: 200, body: Buffer.from('{}'), headers: [] }));
    arrived.shift()?.();
  };
  const server = sharedServer(() => undefined, api).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const { port } = server.address() as AddressInfo;
  const ask = async (): Promise<IncomingMessage> => {
    const [answer] = (await once(get({ port, host: '127.0.0.1', agent }), 'response')) as [IncomingMessage];
    return answer.resume();
  };
  const arrival = (): Promise<void> => new Promise((resolve) => arrived.push(resolve));

  let here = arrival();
  const before = ask();
  await here;
  const closed = once(server, 'close');
  server.close();
  here = arrival();
  const after = ask(); // waits for the one connection
  held.shift()?.();
  expect((await before).headers.connection).toBe('keep-alive');
  await here;
  held.shift()?.();
  expect((await after).headers.connection).toBe('close');
  await closed;
  agent.destroy();
});
