import { StoreUnavailable } from '@freshet/cache-engine';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { within } from './deadline.js';

describe('within', () => {
  it('gives up on what does not come', async () => {
    await expect(within(1, new Promise(() => undefined))).rejects.toThrow(StoreUnavailable);
  });

  it('passes on what the work comes to', async () => {
    const error = new Error('the work’s own');
    await expect(within(1000, Promise.resolve(1))).resolves.toBe(1);
    await expect(within(1000, Promise.reject(error))).rejects.toBe(error);
  });

  it('reads first what arrived while the process was busy for longer than that', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    const [peer] = (await once(server, 'connection')) as [Socket];
    await new Promise(setImmediate);
    const reply = within(1, once(socket, 'data'));
    peer.write('the answer');
    const until = performance.now() + 20;
    while (performance.now() < until);
    const said = await reply.catch(String);
    socket.on('error', () => undefined);
    for (const end of [peer, socket]) end.destroy();
    server.close();
    expect(said).toEqual([Buffer.from('the answer')]);
  });
});
