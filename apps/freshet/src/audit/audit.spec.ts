import { auditOne } from './audit.js';
import { type Look } from './judge.js';

/** Plays looks in order, the last one again and again, and notes how long was waited before each. */
function play(looks: readonly (Look | undefined)[]) {
  const waits: number[] = [];
  const wrong: number[] = [];
  let next = 0;
  const ports = {
    look: async () => looks[Math.min(next++, looks.length - 1)],
    pause: async (ms: number) => void waits.push(ms),
    onWrong: (_: string, afterMs: number) => void wrong.push(afterMs),
  };
  return { finding: auditOne('/a/', ports), waits, wrong };
}
const stale: Look = { cached: 'old', fresh: 'new' };

describe('auditOne', () => {
  it('asks no second time about an answer that is right', async () => {
    const { finding, waits } = play([{ cached: 'a', fresh: 'a' }]);
    expect(await finding).toEqual({ kind: 'right', afterMs: 0 });
    expect(waits).toEqual([]);
  });

  it('clears a suspect whose entry went within the first second', async () => {
    const { finding, wrong } = play([stale, { cached: undefined, fresh: 'new' }]);
    expect(await finding).toEqual({ kind: 'right', afterMs: 1000 });
    expect(wrong).toEqual([]);
  });

  it('tells of an entry that is still served after each scale, and calls it wrong in the end', async () => {
    const { finding, waits, wrong } = play([stale]);
    expect(await finding).toEqual({ kind: 'wrong' });
    expect(waits).toEqual([1000, 9000, 50_000]);
    expect(wrong).toEqual([1000, 10_000, 60_000]);
  });

  it('finds nothing where there is no hit', async () => {
    expect(await play([{ cached: undefined, fresh: 'a' }]).finding).toBeUndefined();
    expect(await play([undefined]).finding).toBeUndefined();
  });
});
