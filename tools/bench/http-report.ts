import { generatorName, type LoadResult } from './load-generator.js';
import { type Report, type Table, type Verdict } from './suite.js';

export interface Loaded extends LoadResult {
  readonly cpuMicrosPerRequest: number;
}

export interface Hits {
  readonly full: Loaded;
  /** At half of the requests a second that `full` reached. */
  readonly half: LoadResult;
}

export interface Measured {
  readonly read: {
    readonly name: string;
    /** Requests a second of the original, recorded elsewhere. */
    readonly original: { readonly uncached: number; readonly cached: number };
  };
  readonly bodyBytes: number;
  readonly near: Hits;
  readonly redis: Hits;
  /** Of a server that sends the same bytes and does nothing else. */
  readonly peer: Hits;
  readonly past: Loaded;
}

type From = 'near' | 'redis';
const SOURCES = { near: 'near cache', redis: 'Redis' } as const;
const PEER_SHARE = { near: 0.6, redis: 0.42 } as const;
const ORIGINAL_GAIN = { near: 250, redis: 150 } as const;
const ORIGINALS_INVOICES = 424;

export function httpReport(measured: readonly Measured[], invoices: number): Report {
  return {
    tables: [hitTable(measured, 'near'), hitTable(measured, 'redis'), originalTable(measured)],
    verdicts: verdicts(measured, invoices),
    notes: [
      `load by ${generatorName} from one process over 50 kept-alive connections; latencies at half the peak at an even pace, counted from when each request was due`,
      'one process of the read API, every request signed in: its token is checked and its account is read, as for any caller',
      'where generator and server share too few cores the generator bounds the faster server; the ratio by CPU does not depend on that',
      `the original's figures were recorded on another machine of this size (2 cores, 2 workers, ${ORIGINALS_INVOICES} invoices), not in this run`,
      `${invoices} invoices of generated data`,
    ],
  };
}

const share = ({ peer }: Measured, { full }: Hits): number => full.requestsPerSecond / peer.full.requestsPerSecond;
const shareByCpu = ({ peer }: Measured, { full }: Hits): number =>
  peer.full.cpuMicrosPerRequest / full.cpuMicrosPerRequest;

function hitTable(measured: readonly Measured[], from: From): Table {
  const columns = ['view', 'bytes', 'hits/s', 'node http/s', 'ratio', 'µs CPU', 'its µs', 'ratio by CPU'];
  return {
    title: `Hits from ${SOURCES[from]} (all bodies whole, not compressed)`,
    columns: [...columns, 'p50 ms', 'p99 ms', 'p99 at half', 'its p99 at half', 'failures'],
    rows: measured.map((m) => {
      const { full, half } = m[from];
      return [
        m.read.name,
        m.bodyBytes,
        Math.round(full.requestsPerSecond),
        Math.round(m.peer.full.requestsPerSecond),
        share(m, m[from]),
        Math.round(full.cpuMicrosPerRequest),
        Math.round(m.peer.full.cpuMicrosPerRequest),
        shareByCpu(m, m[from]),
        full.p50Ms,
        full.p99Ms,
        half.p99Ms,
        m.peer.half.p99Ms,
        full.failures + half.failures,
      ];
    }),
  };
}

const gain = (m: Measured, from: From): number => m[from].full.requestsPerSecond / m.read.original.cached;
const missGain = ({ past, read }: Measured): number => past.requestsPerSecond / read.original.uncached;

function originalTable(measured: readonly Measured[]): Table {
  return {
    title: 'Beside the original (recorded): × its requests a second',
    columns: ['view', 'near', 'Redis', 'its cache /s', 'past the entry/s', '×', 'no cache /s', 'failures'],
    rows: measured.map((m) => [
      m.read.name,
      Math.round(gain(m, 'near')),
      Math.round(gain(m, 'redis')),
      m.read.original.cached,
      Math.round(m.past.requestsPerSecond),
      missGain(m),
      m.read.original.uncached,
      m.past.failures,
    ]),
  };
}

function verdicts(measured: readonly Measured[], invoices: number): Verdict[] {
  const own = (['near', 'redis'] as const).flatMap((from) => [
    shareVerdict(measured, from),
    p99Verdict(measured, from),
  ]);
  if (invoices !== ORIGINALS_INVOICES) return own;
  const worstMiss = least(measured, missGain);
  return [
    ...own,
    gainVerdict(measured, 'near'),
    gainVerdict(measured, 'redis'),
    {
      id: 'P2',
      target: 'miss ≥ 8 × the original without a cache, every view',
      measured: `${missGain(worstMiss).toFixed(1)} × (${worstMiss.read.name}), past the entry`,
      met: missGain(worstMiss) >= 8,
    },
  ];
}

function least(measured: readonly Measured[], of: (m: Measured) => number): Measured {
  return measured.reduce((a, b) => (of(b) < of(a) ? b : a));
}

function shareVerdict(measured: readonly Measured[], from: From): Verdict {
  const small = least(measured, ({ bodyBytes }) => Math.abs(bodyBytes - 2048));
  const [plain, cpu] = [share(small, small[from]), shareByCpu(small, small[from])];
  return {
    id: 'P1',
    target: `hit from ${SOURCES[from]} ≥ ${PEER_SHARE[from]} of node:http with the same body of about 2 KB`,
    measured: `${plain.toFixed(2)} by requests a second, ${cpu.toFixed(2)} by CPU (${small.read.name}, ${small.bodyBytes} bytes)`,
    met: plain >= PEER_SHARE[from],
  };
}

function p99Verdict(measured: readonly Measured[], from: From): Verdict {
  const slowest = least(measured, (m) => -m[from].half.p99Ms);
  return {
    id: 'P2',
    target: `p99 of a hit from ${SOURCES[from]} ≤ 5 ms at half the peak, every view`,
    measured: `${slowest[from].half.p99Ms.toFixed(1)} ms (${slowest.read.name}; node:http at half of its own ${slowest.peer.half.p99Ms.toFixed(1)} ms)`,
    met: slowest[from].half.p99Ms <= 5,
  };
}

function gainVerdict(measured: readonly Measured[], from: From): Verdict {
  const worst = least(measured, (m) => gain(m, from));
  return {
    id: 'P2',
    target: `hit from ${SOURCES[from]} ≥ ${ORIGINAL_GAIN[from]} × the original with its cache, every view`,
    measured: `${Math.round(gain(worst, from))} × (${worst.read.name})`,
    met: gain(worst, from) >= ORIGINAL_GAIN[from],
  };
}
