import { attemptEach, NotAnswered } from './answered.js';

const half = (n: number): Promise<number> =>
  n % 2 === 0 ? Promise.resolve(n / 2) : Promise.reject(new NotAnswered(`${n} answers 503`));

test('a view that does not answer is a missed target, and the others are measured', async () => {
  expect(await attemptEach('P9', [2, 3, 4], half)).toEqual({
    measured: [1, 2],
    missed: [{ id: 'P9', target: 'every view answers', measured: '3 answers 503', met: false }],
  });
});

test('any other trouble ends the run', async () => {
  const broken = (): Promise<number> => Promise.reject(new TypeError('broken'));
  await expect(attemptEach('P9', [1], broken)).rejects.toThrow('broken');
});
