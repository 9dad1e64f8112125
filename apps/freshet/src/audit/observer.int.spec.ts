import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { Observer } from './observer.js';

/** Answers like a read API whose entry of /old/ is stale, whose /right/ is not, and which does not keep /new/. */
const answer = (path: string, pastEntry: boolean): { etag: string; cache: string } => {
  if (path === '/new/') return { etag: '"n"', cache: 'Freshet; fwd=miss; stored' };
  if (pastEntry) return { etag: path === '/old/' ? '"2"' : '"1"', cache: 'Freshet; fwd=bypass; detail=no-cache' };
  return { etag: '"1"', cache: 'Freshet; hit; ttl=9' };
};

describe('Observer', () => {
  let server: Server;
  let observer: Observer;
  beforeAll(async () => {
    server = createServer((request, response) => {
      const { etag, cache } = answer(request.url ?? '', request.headers['cache-control'] === 'no-cache');
      const status = request.headers.authorization === 'Bearer a' ? 200 : 401;
      response.writeHead(status, { ETag: etag, 'Cache-Status': cache }).end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => server.close());
  beforeEach(() => {
    observer = new Observer(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'Bearer a');
  });

  it('sees both sides of a hit, with one read of the database', async () => {
    expect(await observer.look('/right/')).toEqual({ cached: '200 "1"', fresh: '200 "1"' });
    expect(await observer.look('/old/')).toEqual({ cached: '200 "1"', fresh: '200 "2"' });
    expect(observer.loads).toBe(2);
  });

  it('reads the database once for what is no hit, and owns up to it', async () => {
    expect(await observer.look('/new/')).toEqual({ cached: undefined, fresh: '200 "n"' });
    expect(observer.loads).toBe(1);
  });

  it('says so when it is not let in', async () => {
    const stranger = new Observer(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'Bearer b');
    await expect(stranger.look('/right/')).rejects.toThrow('does not accept this authorization');
  });
});
