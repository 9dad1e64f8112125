import { Random } from './random.js';
import { DAY_MS, FIRST_DAY, LAST_DAY, type Business, type Party, type Product, type World } from './world.js';

const BILL_STREAMS_FROM = 1000;
const OPENS_AT_MS = 4.5 * 3_600_000; // ten in the morning in India, by UTC
const OPEN_FOR_MS = 10 * 3_600_000;

interface Line {
  readonly id: number;
  readonly product: Product;
  /** All in thousandths. */
  readonly quantity: number;
  readonly rate: number;
  readonly cgst: number;
  readonly sgst: number;
  readonly igst: number;
  readonly amount: number;
}

export interface Bill {
  readonly id: number;
  readonly business: Business;
  readonly customer: Party;
  readonly outward: boolean;
  readonly number: string;
  readonly dateMs: number;
  readonly createdMs: number;
  readonly lines: readonly Line[];
  readonly total: number;
}

/** All bills in the order of their dates. Each pass makes the same ones, so nothing of a million bills is kept. */
export function* bills(world: World): Iterable<Bill> {
  const { invoices, seed } = world.scale;
  const days = Math.round((LAST_DAY - FIRST_DAY) / DAY_MS) + 1;
  const lastNumber = new Map<string, number>();
  let lineId = 1;
  for (let i = 0; i < invoices; i++) {
    const random = new Random(seed, BILL_STREAMS_FROM + i);
    const business = random.pickSkewed(world.businesses);
    const customer = random.pickSkewed(business.customers);
    const outward = random.chance(0.8);
    const dateMs = FIRST_DAY + Math.floor((i * days) / invoices) * DAY_MS;
    const lines = linesOf({ random, world, interstate: isInterstate(business, customer), firstId: lineId });
    lineId += lines.length;
    yield {
      id: i + 1,
      business,
      customer,
      outward,
      number: outward
        ? nextNumber(lastNumber, business, dateMs)
        : `${customer.name.charAt(0)}-${random.between(100, 99_999)}`,
      dateMs,
      createdMs: dateMs + OPENS_AT_MS + Math.floor(random.unit() * OPEN_FOR_MS),
      lines,
      total: lines.reduce((sum, line) => sum + line.amount, 0),
    };
  }
}

/** Goods that cross a state border pay IGST, others CGST and SGST in halves. A private customer buys over the counter. */
function isInterstate(business: Party, customer: Party): boolean {
  return customer.gstin !== null && customer.gstin.slice(0, 2) !== business.gstin?.slice(0, 2);
}

/** `PREFIX/2024-25/17`: counted per business and April-to-March year. */
function nextNumber(last: Map<string, number>, business: Business, dateMs: number): string {
  const date = new Date(dateMs);
  const year = date.getUTCFullYear() - (date.getUTCMonth() < 3 ? 1 : 0);
  const series = `${business.prefix}/${year}-${String((year + 1) % 100).padStart(2, '0')}`;
  const number = (last.get(series) ?? 0) + 1;
  last.set(series, number);
  return `${series}/${number}`;
}

interface LineContext {
  readonly random: Random;
  readonly world: World;
  readonly interstate: boolean;
  readonly firstId: number;
}

function linesOf({ random, world, interstate, firstId }: LineContext): Line[] {
  return Array.from({ length: random.between(1, 5) }, (_, i) => {
    const product = random.pickSkewed(world.products);
    const byWeight = ['gms', 'kg', 'ltr', 'mtr'].includes(product.unit);
    const quantity = byWeight
      ? random.between(product.quantity[0] * 1000, product.quantity[1] * 1000)
      : random.between(...product.quantity) * 1000;
    const rate = random.between(product.price[0] * 100, product.price[1] * 100) * 10;
    const taxable = paise((quantity * rate) / 1000);
    const half = interstate ? 0 : paise((taxable * product.tax) / 20_000);
    const igst = interstate ? paise((taxable * product.tax) / 10_000) : 0;
    return {
      id: firstId + i,
      product,
      quantity,
      rate,
      cgst: half,
      sgst: half,
      igst,
      amount: taxable + 2 * half + igst,
    };
  });
}

/** Thousandths rounded to whole paise. */
function paise(thousandths: number): number {
  return Math.round(thousandths / 10) * 10;
}
