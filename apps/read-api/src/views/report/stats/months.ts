import { type SourceRow } from '@freshet/cache-engine';
import { number, text } from '../../shapes/columns.js';
import { type Exact, exact, exactNumber, sum } from '../exact.js';
import { sumTax, type Tax, taxOf, taxShape, wholeTax } from '../tax.js';

/** The invoices, or the lines, of one type in one month. */
interface MonthOfType {
  readonly year: number;
  readonly month: number;
  readonly type: string;
}

interface Invoices extends MonthOfType {
  readonly total: Exact;
  readonly count: number;
}

interface Lines extends MonthOfType {
  readonly tax: Tax;
}

export interface Months {
  readonly invoices: readonly Invoices[];
  readonly lines: readonly Lines[];
}

/**
 * @param invoices rows of `year`, `month`, `type_of_invoice`, `total`, `count`
 * @param lines rows of `year`, `month`, `type_of_invoice`, `cgst`, `sgst`, `igst`
 */
export function months(invoices: readonly SourceRow[], lines: readonly SourceRow[]): Months {
  const of = (row: SourceRow): MonthOfType => ({
    year: number(row, 'year'),
    month: number(row, 'month'),
    type: text(row, 'type_of_invoice'),
  });
  return {
    invoices: invoices.map((row) => ({ ...of(row), total: exact(text(row, 'total')), count: number(row, 'count') })),
    lines: lines.map((row) => ({ ...of(row), tax: taxOf(row) })),
  };
}

export function totals({ invoices, lines }: Months) {
  const outward = amount(invoices.filter(isType('outward')));
  const inward = amount(invoices.filter(isType('inward')));
  return {
    outward: exactNumber(outward),
    inward: exactNumber(inward),
    net: exactNumber(outward - inward),
    tax: exactNumber(tax(lines.filter(isType('outward')))),
    inward_tax: exactNumber(tax(lines.filter(isType('inward')))),
    count: invoices.reduce((count, each) => count + each.count, 0),
  };
}

/** Sales, purchases and anything else together. */
export function taxDistribution({ lines }: Months) {
  return taxShape(sumTax(lines.map((each) => each.tax)));
}

/** The months that have invoices, of whatever type; newest first. */
export function monthly(months: Months) {
  const present = new Map(months.invoices.map((each) => [each.year * 12 + each.month, each]));
  return [...present].sort(([a], [b]) => b - a).map(([, { year, month }]) => monthShape(months, year, month));
}

function monthShape(months: Months, year: number, month: number) {
  const isThis = (each: MonthOfType): boolean => each.year === year && each.month === month;
  const invoices = months.invoices.filter(isThis);
  const [outward, inward] = [invoices.filter(isType('outward')), invoices.filter(isType('inward'))];
  return {
    month,
    year,
    outward_total: exactNumber(amount(outward)),
    inward_total: exactNumber(amount(inward)),
    outward_count: outward[0]?.count ?? 0,
    inward_count: inward[0]?.count ?? 0,
    outward_tax: exactNumber(tax(months.lines.filter(isThis).filter(isType('outward')))),
  };
}

const isType =
  (type: string) =>
  (each: MonthOfType): boolean =>
    each.type === type;

function amount(invoices: readonly Invoices[]): Exact {
  return sum(invoices.map((each) => each.total));
}

function tax(lines: readonly Lines[]): Exact {
  return sum(lines.map((each) => wholeTax(each.tax)));
}
