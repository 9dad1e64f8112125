import { once } from 'node:events';
import { Agent, createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type Source } from '@freshet/cache-engine';
import { type Admitted } from './exchange.js';
import { type ExportLimits, Exports } from './exports.js';
import { replyTo } from './faults.js';

const UNHURRIED: ExportLimits = { atOnce: 2, turnMs: 60_000, stalledMs: 60_000 };
const agent = new Agent({ keepAlive: false });

/** More than the buffers between a service and a client that takes nothing hold. */
async function* endless(): AsyncGenerator<string, void, undefined> {
  for (;;) {
    await new Promise(setImmediate);
    yield 'x'.repeat(65_536);
  }
}

let server: Server;
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

class Gate {
  open: () => void = () => undefined;
  readonly passed = new Promise<void>((resolve) => (this.open = resolve));
}

/** A service that writes nothing but exports. */
class Place {
  asked = 0;
  opened = 0;
  closed = 0;
  readonly broken: unknown[] = [];
  private told: () => void = () => undefined;

  private readonly source: Source = {
    open: () => {
      this.opened += 1;
      this.told();
      const close = (): Promise<void> => {
        this.closed += 1;
        this.told();
        return Promise.resolve();
      };
      return Promise.resolve({ snapshot: undefined, query: () => Promise.resolve([]), close });
    },
  };

  /** @param pieces of the n-th answer */
  async serve(limits: ExportLimits, pieces: (index: number) => AsyncIterable<string>): Promise<void> {
    const exports = new Exports(this.source, (error) => this.broken.push(error), limits);
    const answer = (incoming: IncomingMessage, response: ServerResponse): void => {
      const mine = this.asked++;
      const admitted = { request: incoming, response, headers: [] } as unknown as Admitted;
      const reply = { pieces: () => pieces(mine), contentType: 'text/plain', headers: [] };
      exports.send(admitted, reply).catch((error: unknown) => response.writeHead(replyTo(error).status).end());
      this.told();
    };
    server = createServer(answer).listen(0, '127.0.0.1');
    await once(server, 'listening');
  }

  /** Resolves once it is so; asked whenever something happened here. */
  until(isSo: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.told = () => {
        if (isSo()) resolve();
      };
      this.told();
    });
  }

  /** The answer once its head is here. */
  get(): Promise<IncomingMessage> {
    const { port } = server.address() as AddressInfo;
    return new Promise((resolve, reject) => {
      request({ port, agent }, resolve).on('error', reject).end();
    });
  }
}

it('two are written at once, and the next begins when one has ended', async () => {
  const place = new Place();
  const gates = [new Gate(), new Gate(), new Gate()];
  await place.serve(UNHURRIED, async function* (index) {
    yield `${index}`;
    await gates[index]?.passed;
  });
  const [first, second] = [await place.get(), await place.get()];
  const third = place.get();
  await place.until(() => place.asked === 3);
  // Whatever would begin without a turn has begun by now.
  await new Promise(setImmediate);
  expect(place.opened).toBe(2);
  gates[0]?.open();
  expect(await text(first)).toBe('0');
  const begun = await third;
  expect([place.opened, place.closed]).toEqual([3, 1]);
  gates.forEach(({ open }) => open());
  expect([await text(second), await text(begun)]).toEqual(['1', '2']);
});

it('whoever gets no turn in time is told to come again, and is not written to later', async () => {
  const place = new Place();
  const gate = new Gate();
  await place.serve({ ...UNHURRIED, atOnce: 1, turnMs: 20 }, async function* () {
    yield 'a';
    await gate.passed;
  });
  const first = await place.get();
  expect((await place.get()).statusCode).toBe(503);
  gate.open();
  expect([await text(first), await text(await place.get()), place.opened]).toEqual(['a', 'a', 2]);
});

it('a client that takes nothing is cut off, its session ends, and nobody calls it a fault', async () => {
  const place = new Place();
  await place.serve({ ...UNHURRIED, stalledMs: 50 }, endless);
  const answer = await place.get();
  const cut = new Promise((resolve) => answer.on('error', resolve));
  await place.until(() => place.closed === 1);
  answer.resume();
  await cut;
  expect([answer.complete, place.broken]).toEqual([false, []]);
});

it('a client that goes away frees its turn', async () => {
  const place = new Place();
  await place.serve({ ...UNHURRIED, atOnce: 1 }, endless);
  (await place.get()).destroy();
  const next = await place.get();
  expect([next.statusCode, place.opened, place.closed]).toEqual([200, 2, 1]);
  next.destroy();
  await place.until(() => place.closed === 2);
});
