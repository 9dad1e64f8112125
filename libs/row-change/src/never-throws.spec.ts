import { parseEnvelope } from './envelope.js';

/** The same numbers on every run (mulberry32): a failing case can be found again by its seed. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const EVENTS = [
  '{"before":null,"after":{"id":9007199254740993,"name":"A \\" \\\\ \\u0939","tags":["x"],"n":-0.0},"source":{"ts_ms":1700000000123,"ts_us":1700000000123999,"snapshot":"false","schema":"public","table":"customer","txId":745,"lsn":24023424},"op":"c","ts_ms":1}',
  '{"before":{"id":1},"after":{"id":1,"note":"__debezium_unavailable_value"},"source":{"ts_ms":5,"schema":"public","table":"customer","txId":745,"lsn":24023424},"op":"u"}',
  '{"op":"m","source":{"ts_ms":5,"schema":"","table":"","txId":7,"lsn":1},"message":{"prefix":"freshet.ddl","content":"eyJjb21tYW5kIjoiQUxURVIgVEFCTEUiLCJ0YWJsZXMiOltdfQ=="}}',
  '{"before":null,"after":{"id":1,"seq":3},"source":{"ts_ms":5,"schema":"public","table":"freshet_heartbeat","txId":7,"lsn":1},"op":"u"}',
  '{"schema":null,"payload":{"before":null,"after":null,"source":{"ts_ms":5,"schema":"public","table":"customer","txId":7,"lsn":1},"op":"t"}}',
].map((text) => new TextEncoder().encode(text));

const KINDS = new Set(['change', 'ignored', 'malformed']);

function mutate(original: Uint8Array, random: () => number): Uint8Array {
  const bytes = Uint8Array.from(original);
  const below = (n: number): number => Math.floor(random() * n);
  for (let edits = 1 + below(6); edits > 0; edits -= 1) {
    const at = below(bytes.length);
    const roll = random();
    if (roll < 0.4) bytes[at] = below(256);
    else if (roll < 0.7) bytes[at] = '{}[]",:0-9\\nulte'.charCodeAt(below(16));
    else bytes.copyWithin(at, below(bytes.length), below(bytes.length));
  }
  return random() < 0.1 ? bytes.subarray(0, below(bytes.length)) : bytes;
}

describe('parseEnvelope', () => {
  test('never throws on random bytes', () => {
    const random = generator(1);
    for (let run = 0; run < 5_000; run += 1) {
      const bytes = Uint8Array.from({ length: Math.floor(random() * 200) }, () => Math.floor(random() * 256));
      expect(KINDS.has(parseEnvelope(bytes).kind)).toBe(true);
    }
  });

  test('never throws on damaged events, and a readable one says its commit time', () => {
    const random = generator(2);
    for (let run = 0; run < 20_000; run += 1) {
      const original = EVENTS[run % EVENTS.length] ?? new Uint8Array();
      const parsed = parseEnvelope(mutate(original, random));
      expect(KINDS.has(parsed.kind)).toBe(true);
      if (parsed.kind === 'change') expect(Number.isSafeInteger(parsed.change.commitMs)).toBe(true);
    }
  });

  test('never throws on nesting deeper than a stack', () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    const event = `{"op":"c","before":null,"after":{"a":${deep}},"source":{"ts_ms":5,"schema":"p","table":"t"}}`;
    expect(KINDS.has(parseEnvelope(new TextEncoder().encode(event)).kind)).toBe(true);
  });

  test('every undamaged event is readable', () => {
    expect(EVENTS.map((bytes) => parseEnvelope(bytes).kind)).toEqual(EVENTS.map(() => 'change'));
  });
});
