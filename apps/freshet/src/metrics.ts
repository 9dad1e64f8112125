/** One line of Prometheus' text form. */
export interface MetricSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

export function parseSamples(text: string): MetricSample[] {
  return text.split('\n').flatMap((line) => {
    const match = LINE.exec(line);
    if (match === null) return [];
    const [, name = '', labels = '', value = ''] = match;
    const named = [...labels.matchAll(LABEL)].map(([, label = '', of = '']) => [label, of.replace(/\\(.)/g, '$1')]);
    return [{ name, labels: Object.fromEntries(named) as Record<string, string>, value: Number(value) }];
  });
}

export interface ViewReads {
  readonly view: string;
  readonly hits: number;
  readonly reads: number;
}

/** Reads by view over all processes, the busiest view first. */
export function hitRates(samples: readonly MetricSample[]): ViewReads[] {
  const byView = new Map<string, { hits: number; reads: number }>();
  for (const { name, labels, value } of samples) {
    const view = labels['view'];
    if (name !== 'cache_reads_total' || view === undefined) continue;
    const sum = byView.get(view) ?? { hits: 0, reads: 0 };
    sum.reads += value;
    if (labels['outcome'] === 'hit') sum.hits += value;
    byView.set(view, sum);
  }
  return [...byView].map(([view, sum]) => ({ view, ...sum })).sort((a, b) => b.reads - a.reads);
}

/** Views loaded from the database since the process began. */
export function databaseReads(samples: readonly MetricSample[]): number {
  return samples.reduce((sum, { name, value }) => (name === 'cache_load_seconds_count' ? sum + value : sum), 0);
}
