import { exactNumber } from '../exact.js';
import { type ExcelRange, supplies } from './excel-range.js';
import { periodName, slashed } from './period.js';
import { type Figures, minus, NO_FIGURES, plus, type SoldLine } from './sold-line.js';

export type Row = readonly (string | number | null)[];

interface SheetBusiness {
  readonly name: string;
  readonly gstNumber: string;
}

/** The table that lines go to: one month's sales or purchases. */
interface Table {
  readonly month: string;
  readonly type: string;
  lines: number;
  total: Figures;
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

/** One business's sheet as its lines come: a table for each month and kind that has some, then the sums. Held are the sums alone. */
export class SheetRows {
  private open: Table | undefined;
  private readonly sums = new Map<string, Figures>();

  constructor(
    private readonly business: SheetBusiness,
    private readonly range: ExcelRange,
  ) {}

  /** @param lines the next ones by month, sales before purchases, then in the order shown; of kinds that are asked for */
  rowsOf(lines: readonly SoldLine[]): readonly Row[] {
    return lines.flatMap((line) => {
      const month = line.date.slice(0, 7);
      const begins = this.open?.month !== month || this.open.type !== line.type;
      const before = begins ? [...this.end(), ...this.begin(month, line)] : [];
      return [...before, this.add(line)];
    });
  }

  /** What comes after the last line. */
  rest(): readonly Row[] {
    return [...this.end(), ...this.sumRows()];
  }

  private begin(month: string, { type, date }: SoldLine): readonly Row[] {
    this.open = { month, type, lines: 0, total: NO_FIGURES };
    const title = supplies(this.range).find((supply) => supply.type === type)?.title ?? type;
    const { name, gstNumber } = this.business;
    const titles = [name, title, `Month: ${periodName(date, date)}`, `GSTIN: ${gstNumber}`];
    return [...titles.map((text) => [...TITLE_INDENT, text]), NOTHING, HEADER];
  }

  private add(line: SoldLine): Row {
    if (this.open === undefined) throw new RangeError('no table is open');
    this.open.lines += 1;
    this.open.total = plus(this.open.total, line.figures);
    return lineRow(this.open.lines, line);
  }

  private end(): readonly Row[] {
    if (this.open === undefined) return [];
    const { type, total } = this.open;
    this.open = undefined;
    this.sums.set(type, plus(this.sumOf(type), total));
    return [totalRow('Grand Total', total)];
  }

  private sumOf(type: string): Figures {
    return this.sums.get(type) ?? NO_FIGURES;
  }

  /** A kind is left out of the sums where its taxable value comes to nothing. */
  private sumRows(): readonly Row[] {
    const period = periodName(this.range.from, this.range.to);
    const [outward, inward] = [this.sumOf('outward'), this.sumOf('inward')];
    const [hasOutward, hasInward] = [isSome(outward), isSome(inward)];
    const rows: Row[] = [];
    if (hasOutward) rows.push(NOTHING, totalRow(`Aggregated Outward Supply (${period})`, outward));
    if (hasInward) rows.push(totalRow(`Aggregated Inward Supply (${period})`, inward));
    if (this.range.type === 'both' && (hasOutward || hasInward)) {
      rows.push(NOTHING, totalRow(`NET (OUTWARD − INWARD) (${period})`, minus(outward, inward)), NOTHING);
    }
    return rows;
  }
}

function lineRow(number: number, line: SoldLine): Row {
  return [
    number,
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

function totalRow(label: string, figures: Figures): Row {
  return [...TITLE_INDENT, label, ...TOTAL_GAP, ...figures.map(exactNumber)];
}

function isSome([taxable]: Figures): boolean {
  return taxable !== 0n;
}
