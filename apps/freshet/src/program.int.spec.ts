import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { BOOK, Bookshop, SHELF } from './testing/bookshop.js';

describe('freshet', () => {
  let shop: Bookshop;
  let book: string;
  let other: string;
  let shelf: string;

  beforeAll(async () => {
    shop = await Bookshop.open();
  });
  afterAll(() => shop.close());
  beforeEach(async () => {
    await shop.stock();
    book = await shop.shelve('book.get', 1, { ...BOOK, values: ['1'] });
    other = await shop.shelve('book.get', 2, { ...BOOK, values: ['2'] });
    shelf = await shop.shelve('shelf.get', 1, { ...SHELF, values: ['1'] });
  });
  const kept = async (): Promise<string[]> => (await shop.redis.keys('e:*')).sort();

  describe('stats', () => {
    it('counts entries by view, and says that no watermark was published yet', async () => {
      const { lines } = await shop.run('stats');
      expect(lines.find((line) => line.startsWith('watermark'))).toMatch(/none yet$/);
      expect(lines.filter((line) => line.includes('.get')).map((line) => line.trim().split(/\s+/))).toEqual([
        ['book.get', '2'],
        ['shelf.get', '1'],
      ]);
    });

    it('tells a program the same', async () => {
      const { lines } = await shop.run('stats', '--json');
      expect(JSON.parse(lines.join(''))).toMatchObject({
        entries: { 'book.get': 2, 'shelf.get': 1 },
        footprints: 2,
        index: { tagSets: 3, listings: 3 },
      });
    });
  });

  describe('inspect', () => {
    it('shows what an entry was read from, and under which tags changes find it', async () => {
      const { lines } = await shop.run('inspect', book);
      const text = lines.join('\n');
      expect(text).toMatch(/^reads book\.get@\S+ \["1"\]$/m);
      expect(text).toMatch(/^ {2}t:book:id=1$/m);
    });

    it('points out a tag set that does not list the entry', async () => {
      await shop.redis.del('t:book:id=1');
      expect((await shop.run('inspect', book)).lines.join('\n')).toMatch(/t:book:id=1 +NOT LISTED THERE/);
    });

    it('lists the entries of a view', async () => {
      const { lines } = await shop.run('inspect', 'book.get');
      expect(lines.map((line) => line.split('  ')[0]).sort()).toEqual([book, other]);
    });

    it('says so where there is nothing', async () => {
      await expect(shop.run('inspect', 'e:book.get@v1:id=9')).rejects.toThrow('nothing is stored at');
      await expect(shop.run('inspect', 'film.get')).rejects.toThrow('no entry of a view "film.get"');
    });
  });

  describe('explain', () => {
    const change = (id: number): string =>
      JSON.stringify({ table: 'book', before: { id, title: 'a', price: '1' }, after: { id, title: 'b', price: '1' } });

    it('says that a change of the row deletes the entry, and by which test', async () => {
      const { lines } = await shop.run('explain', book, '--change', change(1));
      expect(lines.at(-1)).toBe(`${book} is deleted`);
      expect(lines[0]).toMatch(/^book\.get@\S+: deleted: .*title changed.*found under t:book:id=1/);
    });

    it('says that a change of another row keeps it', async () => {
      const { lines } = await shop.run('explain', book, '--change', change(2));
      expect(lines[0]).toMatch(/: kept: not listed under any tag of the change$/);
      expect(lines.at(-1)).toBe(`${book} is kept`);
    });

    it('decides as the invalidator does where the row loses the entry', async () => {
      const moved = JSON.stringify({ table: 'book', before: { id: 1, title: 'a', price: '1' }, after: { id: 5, title: 'a', price: '1' } }); // prettier-ignore
      expect((await shop.run('explain', book, '--change', moved)).lines.at(-1)).toBe(`${book} is deleted`);
    });

    it('puts a statement into words: by its name, by its text, and for an entry with its values', async () => {
      expect((await shop.run('explain', 'book.get')).lines.join('\n')).toContain('reads book');
      expect((await shop.run('explain', '--sql', BOOK.text)).lines.join('\n')).toContain('reads book');
      expect((await shop.run('explain', book)).lines.join('\n')).toContain('t:book:id=1');
    });

    it('says why a statement cannot be cached', async () => {
      const { lines } = await shop.run('explain', '--sql', 'SELECT now() FROM book');
      expect(lines[0]).toBe('cannot be cached:');
      expect(lines[1]).toContain('now()');
    });

    it.each([
      [[], 'name a statement'],
      [['film.get'], 'the store knows no statement "film.get"'],
      [['e:book.get@v1:id=9'], 'nothing is stored at'],
      [['e:book.get@v1:id=1', '--change', '{'], 'not JSON'],
    ])('refuses %j in one line', async (args, message) => {
      await expect(shop.run('explain', ...args)).rejects.toThrow(message);
    });
  });

  describe('invalidate', () => {
    it('by table deletes what reads the table, and nothing else', async () => {
      expect((await shop.run('invalidate', '--table', 'book')).lines).toEqual(['2 deleted']);
      expect(await kept()).toEqual([shelf]);
      expect(await shop.redis.keys('t:book:*')).toEqual([]);
    });

    it('by tag deletes what the tag lists', async () => {
      expect((await shop.run('invalidate', '--tag', 't:book:id=2')).lines).toEqual(['1 deleted']);
      expect(await kept()).toEqual([book, shelf]);
    });

    it('by key and by view deletes just those', async () => {
      await shop.run('invalidate', '--key', book);
      expect(await kept()).toEqual([other, shelf]);
      await shop.run('invalidate', '--view', 'shelf.get');
      expect(await kept()).toEqual([other]);
    });

    it('of everything raises the epoch', async () => {
      const before = Number(await shop.redis.hget('{freshet}control', 'epoch'));
      await shop.run('invalidate', '--all');
      expect(Number(await shop.redis.hget('{freshet}control', 'epoch'))).toBeGreaterThan(before);
    });

    it('takes exactly one choice', async () => {
      await expect(shop.run('invalidate')).rejects.toThrow('exactly one of');
      await expect(shop.run('invalidate', '--key', book, '--all')).rejects.toThrow('exactly one of');
      await expect(shop.run('invalidate', '--table', 'film')).rejects.toThrow('the store knows no table "film"');
      expect(await kept()).toHaveLength(3);
    });
  });

  describe('beside a service', () => {
    let server: Server;
    let asked: { request: IncomingMessage; body: string }[];
    let reply: { status: number; body: unknown };

    beforeEach(async () => {
      asked = [];
      server = createServer((request, response) => {
        void text(request).then((body) => {
          asked.push({ request, body });
          response.writeHead(reply.status).end(JSON.stringify(reply.body));
        });
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    });
    afterEach(() => server.close());
    const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

    it('replay asks the invalidator, with the token, and tells from where it goes on', async () => {
      reply = { status: 200, body: { from: [{ topic: 'changes', partition: 0, offset: '12' }] } };
      const { lines } = await shop.run('replay', '--from', '12', '--invalidator', url());
      expect(lines).toEqual(['changes/0 is applied again from offset 12']);
      expect(asked[0]?.request).toMatchObject({ method: 'POST', url: '/admin/replay' });
      expect(asked[0]?.request.headers.authorization).toBe('Bearer the token');
      expect(JSON.parse(asked[0]?.body ?? '')).toEqual({ from: '12' });
    });

    it('replay says in one line what the invalidator does not like', async () => {
      reply = { status: 401, body: {} };
      await expect(shop.run('replay', '--from', '1', '--invalidator', url())).rejects.toThrow('does not accept this ADMIN_TOKEN'); // prettier-ignore
      await expect(shop.run('replay', '--from', 'yesterday', '--invalidator', url())).rejects.toThrow('--from takes');
    });
  });
});

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
