import { Format, Presets, SingleBar } from 'cli-progress';
import { loadDemoData } from './load.js';
import type { Scale } from './world.js';

/** Three lines an invoice on average, and the trail of the latest. */
const ROWS_PER_INVOICE = 4;
const QUIET_BELOW = 20_000;

/** Loads with a bar on the terminal where it takes long enough to want one. */
export async function loadWithBar(ownerUrl: string, scale: Scale, log: (line: string) => void): Promise<void> {
  const began = Date.now();
  const bar = new SingleBar(
    {
      format: 'demo data {bar} {percentage}% | {value} rows | {eta_formatted} left',
      formatBar: Format.BarFormat,
      hideCursor: true,
    },
    Presets.shades_classic,
  );
  const shown = scale.invoices >= QUIET_BELOW;
  if (shown) bar.start(scale.invoices * ROWS_PER_INVOICE, 0);
  let rows = 0;
  const loaded = await loadDemoData(ownerUrl, scale, (count) => {
    rows = count;
    if (shown) bar.update(Math.min(count, bar.getTotal()));
  }).finally(() => shown && bar.stop());
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  log(
    loaded
      ? `demo data: ${scale.invoices} invoices, ${rows} rows in ${seconds} s`
      : 'the database has data already: left as it is',
  );
}
