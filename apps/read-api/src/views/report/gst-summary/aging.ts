import { type SourceRow } from '@freshet/cache-engine';
import { number, text } from '../../shapes/columns.js';
import { financialYearOf } from '../../shapes/financial-year.js';
import { exactNumber, sum } from '../exact.js';
import { wholeTax } from '../tax.js';
import { type Bucket, bucketOf, cutoffOf, daysLeft } from './cutoff.js';
import { type Slab } from './slabs.js';

const LABELS: Readonly<Record<Bucket, string>> = {
  fresh: '≤ 60 days to cutoff',
  warning: '60–180 days',
  stale: '180+ days (still claimable)',
  expired: 'Past Sec 16(4) cutoff (forfeit)',
};

export interface Bills {
  /** How many there are: rows of `bucket`, `count`. */
  readonly counts: readonly SourceRow[];
  /** The newest of those that are urgent today, newest first. */
  readonly urgent: readonly SourceRow[];
  /** Tax of the urgent bills, by id; a bill without lines has none. */
  readonly taxes: ReadonlyMap<string, SourceRow>;
}

/** How long the tax on purchases may still be claimed. All bills of a financial year share one cutoff. */
export function itcAging(bills: Bills, slabs: readonly Slab[], today: string) {
  const purchases = slabs.filter((slab) => slab.type === 'inward');
  const bucket = (name: Bucket) => {
    const count = bills.counts.find((row) => text(row, 'bucket') === name);
    const tax = sum(purchases.filter((slab) => slab.bucket === name).map((slab) => wholeTax(slab.tax)));
    return { label: LABELS[name], count: count === undefined ? 0 : number(count, 'count'), tax: exactNumber(tax) };
  };
  return {
    buckets: {
      fresh: bucket('fresh'),
      warning: bucket('warning'),
      stale: bucket('stale'),
      expired: bucket('expired'),
    },
    urgent_invoices: urgentInvoices(bills, today),
  };
}

/** The least time first; the sort is stable, so within a year the newest first. */
function urgentInvoices({ urgent, taxes }: Bills, today: string) {
  return urgent
    .map((row) => urgentShape(row, taxes.get(text(row, 'id')), today))
    .sort((a, b) => a.days_left - b.days_left);
}

function urgentShape(row: SourceRow, tax: SourceRow | undefined, today: string) {
  const year = financialYearOf(text(row, 'invoice_date'));
  const days = daysLeft(year, today);
  return {
    id: number(row, 'id'),
    invoice_number: text(row, 'invoice_number'),
    invoice_date: text(row, 'invoice_date'),
    total_amount: number(row, 'total_amount'),
    tax: tax === undefined ? 0 : number(tax, 'total_tax'),
    cutoff: cutoffOf(year),
    days_left: days,
    bucket: bucketOf(days),
  };
}
