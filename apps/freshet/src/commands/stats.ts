import { parseSamples, hitRates, type ViewReads } from '../metrics.js';
import { bytesText, durationText, pairs, type Say } from '../output.js';
import { withStore } from '../sites.js';
import { takeCensus, type Census } from '../store/census.js';
import { readControl, type ControlState } from '../store/control.js';
import { fetchText } from '../web.js';

export interface StatsOptions {
  /** `/metrics` of read APIs. */
  readonly metrics: readonly string[];
  readonly json: boolean;
}

/** What the store holds and how far the log is applied. */
export async function stats(env: NodeJS.ProcessEnv, { metrics, json }: StatsOptions, say: Say): Promise<void> {
  const texts = await Promise.all(metrics.map((url) => fetchText(url)));
  const reads = hitRates(texts.flatMap(parseSamples));
  await withStore(env, async (redis) => {
    const control = await readControl(redis);
    const census = await takeCensus(redis);
    const lines = json ? [JSON.stringify(asJson(control, census, reads))] : asText(control, census, reads);
    lines.forEach(say);
  });
}

function asText(control: ControlState, census: Census, reads: readonly ViewReads[]): string[] {
  const entries = [...census.entriesByView].sort(([, a], [, b]) => b - a);
  const total = entries.reduce((sum, [, count]) => sum + count, 0);
  const lag = control.watermarkMs === undefined ? undefined : control.storeMs - control.watermarkMs;
  return [
    ...pairs([
      ['epoch', control.epoch === undefined ? 'none: no invalidator has opened the store' : String(control.epoch)],
      ['watermark', control.watermarkMs === undefined ? 'none yet' : new Date(control.watermarkMs).toISOString()],
      ['lag', lag === undefined ? 'unknown' : `${durationText(Math.max(0, lag))} behind the store's clock`],
      ...[...control.offsets].map(([stream, offset]): [string, string] => [`applied of ${stream}`, offset]),
      ['fence', `${control.fenceSize} transactions${control.floor === undefined ? '' : `, floor ${control.floor}`}`],
      ...holdLine(control),
      ['schema version', String(control.schemaVersion)],
      ['caching switched off', control.disabled.length === 0 ? 'for nothing' : control.disabled.join(', ')],
      ['knows of', `${control.footprints} statements, ${control.schemes} schemes, ${control.tables} tables`],
      ['index', `${census.tagSets} tag sets, about ${census.listings} listings and ${bytesText(census.indexBytes)}`],
      ['entries', String(total)],
      ...entries.map(([view, count]): [string, string] => [`  ${view}`, String(count)]),
    ]),
    ...(reads.length === 0 ? [] : ['', 'hit rate', ...pairs(reads.map(rateLine))]),
  ];
}

function holdLine({ hold }: ControlState): [string, string][] {
  return hold === undefined ? [] : [['fills', `on hold since a loss at ${hold.stream} ${hold.offset}`]];
}

function rateLine({ view, hits, reads }: ViewReads): [string, string] {
  return [`  ${view}`, `${((100 * hits) / reads).toFixed(1)} % of ${reads} reads`];
}

function asJson(control: ControlState, census: Census, reads: readonly ViewReads[]): object {
  return {
    ...control,
    hold: control.hold && { ...control.hold, offset: String(control.hold.offset) },
    offsets: Object.fromEntries(control.offsets),
    entries: Object.fromEntries(census.entriesByView),
    index: { tagSets: census.tagSets, listings: census.listings, bytes: census.indexBytes },
    reads,
  };
}
