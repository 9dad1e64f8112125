import { attemptEach } from '../answered.js';
import { httpReport, type Hits, type Loaded, type Measured } from '../http-report.js';
import { load, type LoadOptions } from '../load-generator.js';
import { HttpPeer } from '../peers/http-peer.js';
import { cpuMs } from '../process-figures.js';
import { type Service } from '../../e2e/services.js';
import { Scene, WITHOUT_COPIES } from '../scene.js';
import { type BenchOptions, type Suite } from '../suite.js';

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

const WARM_UP_SECONDS = 1;

/** P1 and P2: what a hit costs beside a server that does nothing but send the same bytes. */
export const http: Suite = {
  name: 'http',
  summary:
    'hits of six views, from the near cache and from Redis, beside a node:http server that sends the same bytes: requests a second, p99, CPU a request',
  run: (options) => Scene.play({ ...options, readApis: [WITHOUT_COPIES, {}] }, (scene) => measure(scene, options)),
};

async function measure(scene: Scene, { seconds, invoices, log }: BenchOptions): ReturnType<Suite['run']> {
  const phase = Math.min(seconds, 60);
  const { measured, missed } = await attemptEach('P2', READS, (read) => {
    log(read.name);
    return measureRead(scene, read, phase);
  });
  const report = httpReport(measured, invoices);
  return { ...report, verdicts: [...report.verdicts, ...missed] };
}

async function measureRead(scene: Scene, read: Read, seconds: number): Promise<Measured> {
  const { body } = await scene.warm(read.path);
  const headers = { Authorization: scene.authorization };
  const peer = await HttpPeer.start('peer-constant', body);
  const [redis, near] = scene.readApis as [Service, Service];
  await scene.warm(read.path, near);
  try {
    const beside = await hits(peer, { url: peer.url, headers, seconds });
    const fromNear = await hits(near, { url: near.url + read.path, headers, seconds });
    const fromRedis = await hits(redis, { url: redis.url + read.path, headers, seconds });
    const past = await withCpu(redis.pid ?? 0, {
      url: redis.url + read.path,
      headers: { ...headers, 'Cache-Control': 'no-cache' },
      seconds: Math.ceil(seconds / 2),
      connections: 10,
    });
    return { read, bodyBytes: body.length, near: fromNear, redis: fromRedis, peer: beside, past };
  } finally {
    await peer.stop();
  }
}

async function hits(service: Pick<Service, 'pid'>, options: LoadOptions): Promise<Hits> {
  const full = await withCpu(service.pid ?? 0, options);
  const rate = full.requestsPerSecond / 2;
  return { full, half: await load({ ...options, seconds: Math.ceil(options.seconds / 2), rate }) };
}

async function withCpu(pid: number, options: LoadOptions): Promise<Loaded> {
  await load({ ...options, seconds: WARM_UP_SECONDS });
  const before = cpuMs(pid);
  const result = await load(options);
  const answers = result.requestsPerSecond * options.seconds;
  return { ...result, cpuMicrosPerRequest: ((cpuMs(pid) - before) * 1000) / answers };
}
