import { randomUUID } from 'node:crypto';
import { RedisChangeStore } from '@freshet/redis-store';
import { BOOK, Bookshop } from '../testing/bookshop.js';
import { Candidates } from './candidates.js';

it('an entry that a change has deleted is a candidate once it is made anew, beside those that were stored all along', async () => {
  const shop = await Bookshop.open();
  let candidates: Candidates | undefined;
  try {
    await shop.stock();
    const [sold, kept] = [
      await shop.shelve('book.get', 1, { ...BOOK, values: ['1'] }),
      await shop.shelve('book.get', 2, { ...BOOK, values: ['2'] }),
    ];
    candidates = await Candidates.of(shop.redis);
    await new RedisChangeStore(shop.redis, { nonce: randomUUID }).remove([sold]);
    expect([await candidates.next(), await candidates.next()]).toEqual([kept, kept]);
    await shop.shelve('book.get', 1, { ...BOOK, values: ['1'] });
    const seen = new Set<string | undefined>();
    const deadline = Date.now() + 20_000;
    while (!(seen.has(sold) && seen.has(kept)) && Date.now() < deadline) seen.add(await candidates.next());
    expect(seen).toContain(sold);
    expect(seen).toContain(kept);
  } finally {
    candidates?.close();
    await shop.close();
  }
}, 30_000);
