import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { pacedLoad } from './paced-load.js';

let server: Server;
afterEach(() => server.close());

async function urlOf(answer: RequestListener): Promise<string> {
  server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/path?a=b`;
}

describe('pacedLoad', () => {
  it('sends as many requests as are due, over connections that stay, and counts what went wrong', async () => {
    let asked = 0;
    const sockets = new Set<unknown>();
    const url = await urlOf((request, response) => {
      sockets.add(request.socket);
      asked += 1;
      const right = request.url === '/path?a=b' && request.headers['x-name'] === 'value';
      response.writeHead(right && asked % 4 !== 0 ? 200 : 500, { 'Content-Length': '70000' });
      response.end('x'.repeat(70_000));
    });
    const { failures } = await pacedLoad({
      url,
      headers: { 'X-Name': 'value' },
      rate: 200,
      seconds: 0.2,
      connections: 3,
      warmUpSeconds: 0,
    });
    expect([asked, failures, sockets.size <= 3]).toEqual([40, 10, true]);
  });

  it('counts what waits for a connection from the moment it was due', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let asked = 0;
    const url = await urlOf((_, response) => {
      asked += 1;
      if (asked === 1) setTimeout(release, 60);
      void held.then(() => response.end('x'));
    });
    const { p50Ms } = await pacedLoad({ url, headers: {}, rate: 100, seconds: 0.03, connections: 1, warmUpSeconds: 0 });
    expect([asked, p50Ms >= 30]).toEqual([3, true]);
  });
});
