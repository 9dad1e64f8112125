import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type Server } from 'node:http';
import { join, resolve } from 'node:path';
import { json } from 'node:stream/consumers';
import { until } from '../stack/until.js';
import { Gateway } from './gateway.js';
import { haproxyPaths, nginxPaths, type ReadPath } from './read-paths.js';

jest.setTimeout(60_000);

interface Seen {
  readonly name: string;
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An application behind the gateway: tells what reached it. */
class Application {
  private readonly server: Server;
  status = 200;
  readonly seen: Seen[] = [];

  constructor(private readonly name: string) {
    this.server = createServer((incoming, response) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        if (incoming.url === '/ready') return void response.writeHead(this.status).end();
        const seen = this.note(incoming, Buffer.concat(chunks).toString());
        response.writeHead(this.status, { 'Content-Type': 'application/json', 'X-Served-By': this.name });
        response.end(JSON.stringify(seen));
      });
    });
  }

  private note({ method = '', url = '', headers }: IncomingMessage, body: string): Seen {
    const seen = { name: this.name, method, url, headers, body };
    this.seen.push(seen);
    return seen;
  }

  /** @param port the one it had before, to come back at the same address */
  async start(port = 0): Promise<string> {
    this.server.listen(port, '127.0.0.1');
    await once(this.server, 'listening');
    return this.address;
  }

  get address(): string {
    const address = this.server.address();
    return `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  }

  async stop(): Promise<void> {
    if (!this.server.listening) return;
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }
}

/** `fetch` would tidy addresses up before it sends them. */
function ask(base: string, method: string, path: string, headers: Record<string, string> = {}): Promise<Answer> {
  const { hostname, port } = new URL(base);
  return new Promise((done, failed) => {
    const sent = request({ hostname, port, method, path, headers, agent: false }, (response) => {
      const by = String(response.headers['x-served-by']);
      const seen = method === 'HEAD' ? Promise.resolve(undefined) : json(response);
      if (method === 'HEAD') response.resume();
      seen.then((body) => done({ status: response.statusCode ?? 0, by, seen: body as Seen }), failed);
    });
    sent.on('error', failed);
    sent.end(method === 'POST' ? '{"a":1}' : undefined);
  });
}

interface Answer {
  readonly status: number;
  readonly by: string;
  readonly seen: Seen;
}

async function routesOfReadApi(): Promise<readonly ReadPath[]> {
  const file = resolve('apps/read-api/src/routes.ts');
  const { apiRoutes } = (await import(file)) as { apiRoutes: () => readonly ReadPath[] };
  return apiRoutes();
}

const gatewayFile = (name: string): string => readFileSync(join('infra/gateway', name), 'utf8');

describe("the gateways' paths", () => {
  it('are those of the read API, for nginx', async () => {
    expect(gatewayFile('freshet-paths.conf')).toBe(nginxPaths(await routesOfReadApi()));
  });

  it('are those of the read API, for HAProxy', async () => {
    expect(gatewayFile('freshet-paths.lst')).toBe(haproxyPaths(await routesOfReadApi()));
  });

  it('name every POST that the read API answers', async () => {
    const posts = (await routesOfReadApi()).filter(({ post }) => post !== undefined).map(({ path }) => path);
    for (const path of posts) {
      expect(gatewayFile('haproxy.cfg')).toContain(`acl reading_post_path path ${path}\n`);
      expect(gatewayFile('nginx.conf')).toContain(`location = ${path} {`);
    }
    expect(posts).toHaveLength(1);
  });
});

describe.each(['nginx', 'haproxy'] as const)('%s in front of both applications', (program) => {
  let readApi: Application;
  let original: Application;
  let gateway: Gateway;

  beforeEach(async () => {
    readApi = new Application('read-api');
    original = new Application('original');
    const behind = { readApi: await readApi.start(), original: await original.start() };
    gateway = await Gateway.start(program, behind);
    original.seen.length = 0;
  });
  afterEach(async () => {
    await gateway?.stop();
    await Promise.all([readApi.stop(), original.stop()]);
  });

  const servedBy = async (method: string, path: string): Promise<string> => (await ask(gateway.url, method, path)).by;

  it('sends every read of the route table to the read API', async () => {
    for (const { path } of await routesOfReadApi()) {
      const concrete = path.replace(/:\w+#?/g, '17');
      for (const method of ['GET', 'HEAD', 'OPTIONS']) {
        expect([method, concrete, await servedBy(method, `${concrete}?page=2`)]).toEqual([
          method,
          concrete,
          'read-api',
        ]);
      }
    }
    expect(await servedBy('GET', '/api/customers/-5/')).toBe('read-api');
  });

  it('sends writes, actions, media and pages to the original', async () => {
    const others: [string, string][] = [
      ['POST', '/api/invoices/'],
      ['PATCH', '/api/invoices/1/'],
      ['PUT', '/api/customers/1/'],
      ['DELETE', '/api/invoices/1/'],
      ['POST', '/api/token/'],
      ['POST', '/api/invoices/1/update_line_items/'],
      ['PUT', '/api/reports/generate/'],
      ['GET', '/api/customers/merge/'],
      ['GET', '/api/audit-logs/1/undo/'],
      ['GET', '/api/line-items/create_for_invoice/'],
      ['GET', '/api/media/bill.pdf'],
      ['GET', '/api/gstin/27AAAPB1234C1Z5/'],
      ['GET', '/api/customers'],
      ['GET', '//api/customers/'],
      ['GET', '/api/customers/%31/'],
      ['GET', '/api/customersx/'],
      ['GET', '/x/api/customers/'],
      ['GET', '/?next=/api/customers/'],
      ['GET', '/admin/'],
      ['GET', '/'],
    ];
    for (const [method, path] of others) {
      expect([method, path, await servedBy(method, path)]).toEqual([method, path, 'original']);
    }
    expect(readApi.seen).toEqual([]);
  });

  it('sends the POST that only reads to the read API, and its body to the original when that is away', async () => {
    const path = '/api/reports/generate/';
    expect(await servedBy('POST', path)).toBe('read-api');
    readApi.status = 503;
    const { by, seen } = await ask(gateway.url, 'POST', path);
    expect([by, seen.body]).toEqual(['original', '{"a":1}']);
  });

  it('passes the address as sent, the host, and where the request came from', async () => {
    const headers = { Host: 'books.example:8443', 'Freshet-Token': '77', Cookie: 'freshet_token=78' };
    const { seen } = await ask(gateway.url, 'GET', '/api/customers/?search=a%2Fb+c', headers);
    expect(seen.url).toBe('/api/customers/?search=a%2Fb+c');
    expect(seen.headers).toMatchObject({
      host: 'books.example:8443',
      'x-forwarded-host': 'books.example:8443',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'freshet-token': '77',
      cookie: 'freshet_token=78',
    });
    expect(seen.headers['x-request-id']).toMatch(/^[0-9a-f-]{32,36}$/);
  });

  it.each([502, 503, 504])('asks the original when the read API answers %i', async (status) => {
    readApi.status = status;
    expect(await ask(gateway.url, 'GET', '/api/customers/')).toMatchObject({ status: 200, by: 'original' });
  });

  it.each([404, 401, 500])('passes %i of the read API on as the answer it is', async (status) => {
    readApi.status = status;
    expect(await ask(gateway.url, 'GET', '/api/customers/')).toMatchObject({ status, by: 'read-api' });
  });

  it('asks the original while the read API is down, and the read API again once it is back', async () => {
    const port = Number(readApi.address.split(':')[1]);
    await readApi.stop();
    for (let i = 0; i < 5; i++) {
      expect(await ask(gateway.url, 'GET', '/api/customers/')).toMatchObject({ status: 200, by: 'original' });
    }
    await readApi.start(port);
    await until(
      'the read API to be asked again',
      15_000,
      async () => (await servedBy('GET', '/api/customers/')) === 'read-api',
    );
  });

  it('never sends a write twice', async () => {
    original.status = 503;
    expect((await ask(gateway.url, 'POST', '/api/invoices/')).status).toBe(503);
    expect([...original.seen, ...readApi.seen].filter(({ method }) => method === 'POST')).toHaveLength(1);
  });
});
