import { type Hold, type Pulse } from '@freshet/cache-engine';

/** Beside its number: `{"runs": ["1700000000.5"], "line": "7.00000001"}`. */
export function pulseText({ runs, line }: Pulse): string {
  return JSON.stringify({ runs, line });
}

export function parsePulse(sequence: bigint | undefined, text: string | undefined): Pulse | undefined {
  if (sequence === undefined) return undefined;
  const { runs = [], line } = JSON.parse(text ?? '{}') as Partial<Pulse>;
  return { sequence, runs, line };
}

/** As `hold-fills.lua` writes it; the whole text is its id. */
export function parseHold(id: string | undefined): Hold | undefined {
  const [, offset, stream] = /^\d+ (-?\d+) (.*)$/.exec(id ?? '') ?? [];
  return id === undefined || offset === undefined || stream === undefined
    ? undefined
    : { id, stream, offset: BigInt(offset) };
}
