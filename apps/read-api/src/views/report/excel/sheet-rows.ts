import { exactNumber } from '../exact.js';
import { groupBy } from '../gstr/groups.js';
import { periodName, slashed } from './period.js';
import { difference, type Figures, type SoldLine, totalOf } from './sold-line.js';

export type Row = readonly (string | number | null)[];

export interface SheetBusiness {
  readonly name: string;
  readonly gstNumber: string;
}

/** Which days, and which kinds of invoices: `both`, `outward` or `inward`; any other word means none. */
export interface ExcelRange {
  readonly from: string;
  readonly to: string;
  readonly type: string;
}

const NOTHING: Row = [];
const TITLE_INDENT: Row = [null, null, null, null, null];
const TOTAL_GAP: Row = [null, null, null, null];
const HEADER: Row = [
  'S.No.',
  'Bill No.',
  'Invoice Date',
  'Party Name',
  'GST Number',
  'Commodity',
  'HSN Code',
  'GST Rate',
  'Quantity',
  'Rate',
  'Taxable Value',
  'CGST',
  'SGST',
  'IGST',
  'Total Invoice Value',
];
const SUPPLIES = [
  { type: 'outward', title: 'Outward Supply' },
  { type: 'inward', title: 'Inward Supply' },
] as const;

/** One business's sheet: a table for each month and kind that has lines, then the sums. @param lines in the order shown */
export function sheetRows(business: SheetBusiness, lines: readonly SoldLine[], range: ExcelRange): readonly Row[] {
  const wanted = SUPPLIES.filter(({ type }) => isAsked(range, type));
  const months = [...groupBy(lines, ({ date }) => date.slice(0, 7))].sort(([a], [b]) => (a < b ? -1 : 1));
  const tables = months.flatMap(([, ofMonth]) =>
    wanted.flatMap(({ type, title }) => table(business, title, ofMonth.filter(isType(type)))),
  );
  return [...tables, ...sums(lines, range)];
}

function table(business: SheetBusiness, title: string, lines: readonly SoldLine[]): readonly Row[] {
  const [first] = lines;
  if (first === undefined) return [];
  const titles = [business.name, title, `Month: ${periodName(first.date, first.date)}`, `GSTIN: ${business.gstNumber}`];
  return [
    ...titles.map((text) => [...TITLE_INDENT, text]),
    NOTHING,
    HEADER,
    ...lines.map(lineRow),
    totalRow('Grand Total', totalOf(lines)),
  ];
}

function lineRow(line: SoldLine, index: number): Row {
  return [
    index + 1,
    line.invoiceNumber,
    slashed(line.date),
    line.party,
    line.gstNumber,
    line.product,
    line.hsnCode,
    line.gstRate,
    line.quantity,
    line.rate,
    ...line.figures.map(exactNumber),
  ];
}

/** A kind is left out of the sums where its taxable value comes to nothing. */
function sums(lines: readonly SoldLine[], range: ExcelRange): readonly Row[] {
  const period = periodName(range.from, range.to);
  const outward = totalOf(lines.filter(isType('outward')));
  const inward = totalOf(lines.filter(isType('inward')));
  const hasOutward = isAsked(range, 'outward') && isSome(outward);
  const hasInward = isAsked(range, 'inward') && isSome(inward);
  const rows: Row[] = [];
  if (hasOutward) rows.push(NOTHING, totalRow(`Aggregated Outward Supply (${period})`, outward));
  if (hasInward) rows.push(totalRow(`Aggregated Inward Supply (${period})`, inward));
  if (range.type === 'both' && (hasOutward || hasInward)) {
    rows.push(NOTHING, totalRow(`NET (OUTWARD − INWARD) (${period})`, difference(outward, inward)), NOTHING);
  }
  return rows;
}

function totalRow(label: string, figures: Figures): Row {
  return [...TITLE_INDENT, label, ...TOTAL_GAP, ...figures.map(exactNumber)];
}

function isAsked({ type }: ExcelRange, kind: string): boolean {
  return type === 'both' || type === kind;
}

function isSome([taxable]: Figures): boolean {
  return taxable !== 0n;
}

const isType =
  (type: string) =>
  (line: SoldLine): boolean =>
    line.type === type;
