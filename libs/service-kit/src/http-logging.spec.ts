import { requestId } from './http-logging.js';

describe('requestId', () => {
  test('a sane id of the caller is kept', () => {
    expect(requestId('trace-1.2:3')).toBe('trace-1.2:3');
  });

  test.each([undefined, '', 'a b', 'x'.repeat(65), '{"injected":1}', ['a', 'b']])('%j is replaced', (header) => {
    expect(requestId(header)).toMatch(/^[0-9a-f-]{36}$/);
  });
});
