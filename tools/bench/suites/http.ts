import { generatorName, load, type LoadOptions, type LoadResult } from '../load-generator.js';
import { ConstantPeer } from '../peers/constant-peer.js';
import { cpuMs } from '../process-figures.js';
import { Scene } from '../scene.js';
import { type BenchOptions, type Report, type Suite, type Table, type Verdict } from '../suite.js';

/** The six reads of the original that have figures, and those figures: requests a second without and with its own cache. */
const READS = [
  { name: 'businesses', path: '/api/businesses/', original: { uncached: 91, cached: 87 } },
  { name: 'customers (15)', path: '/api/customers/?page_size=15', original: { uncached: 56, cached: 90 } },
  { name: 'invoices (15)', path: '/api/invoices/?page_size=15', original: { uncached: 72, cached: 78 } },
  { name: 'one invoice', path: '/api/invoices/1/', original: { uncached: 70, cached: 97 } },
  { name: 'stats', path: '/api/invoices/stats/', original: { uncached: 38, cached: 56 } },
  { name: 'gst_summary', path: '/api/invoices/gst_summary/', original: { uncached: 55, cached: 71 } },
] as const;
type Read = (typeof READS)[number];

const ORIGINALS_INVOICES = 424;
const WARM_UP_SECONDS = 1;

interface Loaded extends LoadResult {
  readonly cpuMicrosPerRequest: number;
}

interface Measured {
  readonly read: Read;
  readonly bodyBytes: number;
  readonly hit: Loaded;
  readonly halfPeak: LoadResult;
  readonly peer: Loaded;
  readonly past: Loaded;
}

/** P1 and P2: what a hit costs beside a server that does nothing but send the same bytes. */
export const http: Suite = {
  name: 'http',
  summary:
    'hits of six views beside a node:http server that sends the same bytes; requests a second, p99, CPU a request',
  run: (options) => Scene.play(options, (scene) => measure(scene, options)),
};

async function measure(scene: Scene, { seconds, invoices, log }: BenchOptions): Promise<Report> {
  const phase = Math.min(seconds, 60);
  const measured: Measured[] = [];
  for (const read of READS) {
    log(read.name);
    measured.push(await measureRead(scene, read, phase));
  }
  return {
    tables: [hitTable(measured), originalTable(measured)],
    verdicts: verdicts(measured, invoices),
    notes: [
      `load by ${generatorName} from one process over 50 kept-alive connections; latencies at half the peak by autocannon at a fixed rate`,
      'one process of the read API, every request signed in: its token is checked and its account is read, as for any caller',
      'where generator and server share too few cores the generator bounds the faster server; the ratio by CPU does not depend on that',
      `the original's figures were recorded on another machine of this size (2 cores, 2 workers, ${ORIGINALS_INVOICES} invoices), not in this run`,
      `${invoices} invoices of generated data`,
    ],
  };
}

async function measureRead(scene: Scene, read: Read, seconds: number): Promise<Measured> {
  const { body } = await scene.warm(read.path);
  const headers = { Authorization: scene.authorization };
  const url = scene.readApi.url + read.path;
  const pid = scene.readApi.pid ?? 0;
  const peer = await ConstantPeer.start(body);
  try {
    const beside = await withCpu(peer.pid, { url: peer.url, headers, seconds });
    const hit = await withCpu(pid, { url, headers, seconds });
    const halfPeak = await load({ url, headers, seconds: Math.ceil(seconds / 2), rate: hit.requestsPerSecond / 2 });
    const past = await withCpu(pid, {
      url,
      headers: { ...headers, 'Cache-Control': 'no-cache' },
      seconds: Math.ceil(seconds / 2),
      connections: 10,
    });
    return { read, bodyBytes: body.length, hit, halfPeak, peer: beside, past };
  } finally {
    await peer.stop();
  }
}

async function withCpu(pid: number, options: LoadOptions): Promise<Loaded> {
  await load({ ...options, seconds: WARM_UP_SECONDS });
  const before = cpuMs(pid);
  const result = await load(options);
  const answers = result.requestsPerSecond * options.seconds;
  return { ...result, cpuMicrosPerRequest: ((cpuMs(pid) - before) * 1000) / answers };
}

function hitTable(measured: readonly Measured[]): Table {
  return {
    title: 'Hits from Redis (all bodies whole, not compressed)',
    columns: [
      'view',
      'bytes',
      'hits/s',
      'node http/s',
      'ratio',
      'µs CPU',
      'its µs',
      'ratio by CPU',
      'p50 ms',
      'p99 ms',
      'p99 at half',
      'failures',
    ],
    rows: measured.map(({ read, bodyBytes, hit, peer, halfPeak }) => [
      read.name,
      bodyBytes,
      Math.round(hit.requestsPerSecond),
      Math.round(peer.requestsPerSecond),
      hit.requestsPerSecond / peer.requestsPerSecond,
      Math.round(hit.cpuMicrosPerRequest),
      Math.round(peer.cpuMicrosPerRequest),
      peer.cpuMicrosPerRequest / hit.cpuMicrosPerRequest,
      hit.p50Ms,
      hit.p99Ms,
      halfPeak.p99Ms,
      hit.failures + halfPeak.failures,
    ]),
  };
}

function originalTable(measured: readonly Measured[]): Table {
  return {
    title: 'Beside the original (recorded): requests a second',
    columns: ['view', 'hit', 'original, its cache', '×', 'past the entry', 'original, no cache', '×', 'failures'],
    rows: measured.map(({ read, hit, past }) => [
      read.name,
      Math.round(hit.requestsPerSecond),
      read.original.cached,
      Math.round(hit.requestsPerSecond / read.original.cached),
      Math.round(past.requestsPerSecond),
      read.original.uncached,
      past.requestsPerSecond / read.original.uncached,
      past.failures,
    ]),
  };
}

function verdicts(measured: readonly Measured[], invoices: number): Verdict[] {
  const least = (of: (m: Measured) => number): Measured => measured.reduce((a, b) => (of(b) < of(a) ? b : a));
  const small = measured.reduce((a, b) => (Math.abs(b.bodyBytes - 2048) < Math.abs(a.bodyBytes - 2048) ? b : a));
  const plain = small.hit.requestsPerSecond / small.peer.requestsPerSecond;
  const cpu = small.peer.cpuMicrosPerRequest / small.hit.cpuMicrosPerRequest;
  const slowest = least((m) => -m.halfPeak.p99Ms);
  const own: Verdict[] = [
    {
      id: 'P1',
      target: 'hit from Redis ≥ 0.42 of node:http with the same body of about 2 KB',
      measured: `${plain.toFixed(2)} by requests a second, ${cpu.toFixed(2)} by CPU (${small.read.name}, ${small.bodyBytes} bytes)`,
      met: plain >= 0.42 && cpu >= 0.42,
    },
    {
      id: 'P2',
      target: 'p99 of a hit ≤ 5 ms at half the peak, every view',
      measured: `${slowest.halfPeak.p99Ms} ms (${slowest.read.name})`,
      met: slowest.halfPeak.p99Ms <= 5,
    },
  ];
  if (invoices !== ORIGINALS_INVOICES) return own;
  const gain = (m: Measured): number => m.hit.requestsPerSecond / m.read.original.cached;
  const miss = (m: Measured): number => m.past.requestsPerSecond / m.read.original.uncached;
  const worstGain = least(gain);
  const worstMiss = least(miss);
  return [
    ...own,
    {
      id: 'P2',
      target: 'hit from Redis ≥ 150 × the original with its cache, every view',
      measured: `${Math.round(gain(worstGain))} × (${worstGain.read.name})`,
      met: gain(worstGain) >= 150,
    },
    {
      id: 'P2',
      target: 'miss ≥ 8 × the original without a cache, every view',
      measured: `${miss(worstMiss).toFixed(1)} × (${worstMiss.read.name}), past the entry`,
      met: miss(worstMiss) >= 8,
    },
  ];
}
