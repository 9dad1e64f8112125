import { createLogger } from './logger.js';

function linesOf(write: (logger: ReturnType<typeof createLogger>) => void, secrets: string[] = []): string {
  const lines: string[] = [];
  write(createLogger({ service: 'test', level: 'info', secrets, destination: { write: (line) => lines.push(line) } }));
  return lines.join('');
}

describe('createLogger', () => {
  test('a field that holds a secret by its name is cut out, two levels deep', () => {
    const line = linesOf((logger) =>
      logger.info({ password: 'a1', headers: { authorization: 'b2' }, req: { headers: { cookie: 'c3' } } }, 'hello'),
    );
    expect(line).not.toMatch(/a1|b2|c3/);
    expect(line).toContain('hello');
  });

  test('a known secret is cut out wherever it turns up, in messages and stacks of errors too', () => {
    const line = linesOf(
      (logger) => logger.error({ err: new Error('bad key s3cr"et-key') }, 'x s3cr"et-key'),
      ['s3cr"et-key'],
    );
    expect(line).not.toContain('et-key');
    expect(() => JSON.parse(line) as unknown).not.toThrow();
  });

  test('the password of a URL is cut out, the rest of the URL stays', () => {
    const line = linesOf((logger) => logger.warn('cannot reach redis://app:hunter2@cache:6379/1'));
    expect(line).not.toContain('hunter2');
    expect(line).toContain('redis://app:[redacted]@cache:6379/1');
  });
});
