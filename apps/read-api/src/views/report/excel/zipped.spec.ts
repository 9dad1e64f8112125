import { zipped, type ZippedFile } from './zipped.js';

const PIECE = 'x'.repeat(1000);

/** Says how many pieces were asked for, and whether it was told that no more will be. */
class Counted {
  asked = 0;
  ended = false;

  file(name: string, pieces: number): ZippedFile {
    return { name, content: () => this.content(pieces) };
  }

  private async *content(pieces: number): AsyncGenerator<string> {
    try {
      for (; this.asked < pieces; this.asked += 1) yield Math.random().toString() + PIECE;
    } finally {
      this.ended = true;
    }
  }
}

test('whoever takes nothing is packed nothing for', async () => {
  const counted = new Counted();
  const archive = zipped([counted.file('a', 1e6)]);
  await archive.next();
  for (let turn = 0; turn < 1000; turn += 1) await new Promise(setImmediate);
  // A piece packs to some 40 bytes: the streams between hold some thousands of them, whatever the file holds.
  expect(counted.asked).toBeLessThan(20_000);
  await archive.return();
});

test('whoever leaves early finds every file at its end', async () => {
  const [first, second] = [new Counted(), new Counted()];
  const archive = zipped([first.file('a', 1e6), second.file('b', 1)]);
  while (first.asked === 0) await archive.next();
  await archive.return();
  expect([first.ended, second.asked]).toEqual([true, 0]);
});

test('a file that breaks breaks the archive', async () => {
  const broken = (): AsyncIterable<string> => ({
    [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('the database is away')) }),
  });
  const archive = zipped([{ name: 'a', content: broken }]);
  const all = async (): Promise<void> => {
    while ((await archive.next()).done !== true);
  };
  await expect(all()).rejects.toThrow('the database is away');
});
