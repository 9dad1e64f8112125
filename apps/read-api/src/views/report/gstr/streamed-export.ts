import { type Query, type SourceRow } from '@freshet/cache-engine';
import sql, { type Sql } from 'sql-template-tag';
import { statement } from '../../../statement.js';
import { text } from '../../shapes/columns.js';
import { where } from '../../shapes/conditions.js';
import { exactText } from '../exact.js';
import { type Amounts, amountsOf, type Bill } from './bill.js';
import { billsOf } from './bill-cursor.js';
import { groupBy } from './groups.js';
import { isAtHome, isLargeAndFar, isRegistered, LARGE_SALE, largeSale, registeredSale } from './gstr1.js';
import { purchase } from './gstr2b.js';
import { gstr3b } from './gstr3b.js';
import { partyOf } from './party.js';
import { CodeSums, NOTHING_YET, plus, RateSums } from './running-sums.js';

const NAME = 'report.gstr_export';
const NEWEST_FIRST = sql`i.invoice_date DESC, i.id DESC`;

/**
 * The bytes of the export section by section, PostgreSQL doing the sorting. Held here are a number for each buyer, the sums, and 250
 * bills at a time; sales to unregistered customers and purchases are read twice for it.
 */
export class StreamedExport {
  private readonly rates = new RateSums();
  private readonly codes = new CodeSums();
  private sales = NOTHING_YET;

  /** @param conditions on billing_invoice AS i */
  constructor(
    private readonly conditions: readonly Sql[],
    private readonly query: Query,
  ) {}

  async *pieces(): AsyncGenerator<string, void, undefined> {
    const buyers = await this.buyers();
    yield '{"gstr1":{"b2b":[';
    yield* this.registeredSales(buyers.registered);
    await this.sumOthers(buyers.others);
    yield `],"b2cs":${JSON.stringify(this.rates.shape())},"b2cl":[`;
    yield* listed(this.largeSales(buyers.others));
    yield `],"hsn":${JSON.stringify({ data: this.codes.shape() })}},`;
    yield `"gstr3b":${JSON.stringify(gstr3b(this.sales, await this.purchaseTotal()))},"gstr2b":{"inward_invoices":[`;
    yield* listed(shaped(this.purchases('purchases'), purchase));
    yield ']}}';
  }

  /** Customers of the sales, grouped as the sections have them: by their newest bill, those of one GST number together. */
  private async buyers(): Promise<{ registered: readonly (readonly SourceRow[])[]; others: readonly SourceRow[] }> {
    const newest = sql`SELECT DISTINCT ON (i.customer_id) i.customer_id, i.invoice_date, i.id FROM billing_invoice i
      ${where(...this.conditions, sql`i.type_of_invoice = 'outward'`)} ORDER BY i.customer_id, ${NEWEST_FIRST}`;
    const rows = await this.query(
      statement(
        `${NAME}.buyers`,
        sql`SELECT c.id, c.name, c.gst_number, c.state_name FROM (${newest}) i JOIN billing_customer c ON c.id = i.customer_id
            ORDER BY ${NEWEST_FIRST}`,
      ),
    );
    const registered = rows.filter((row) => isRegistered(partyOf(row)));
    return {
      registered: [...groupBy(registered, (row) => partyOf(row).gstin).values()],
      others: rows.filter((row) => !isRegistered(partyOf(row))),
    };
  }

  private async *registeredSales(groups: readonly (readonly SourceRow[])[]): AsyncGenerator<string, void, undefined> {
    let open: string | undefined;
    for await (const bills of this.salesTo('registered', groups)) {
      let piece = '';
      for (const [ctin, same] of groupBy(bills, ({ customer }) => customer.gstin)) {
        const shapes = same.map((bill) => JSON.stringify(registeredSale(bill))).join();
        const start = `{"ctin":${JSON.stringify(ctin)},"inv":[`;
        piece += ctin === open ? `,${shapes}` : `${open === undefined ? '' : ']},'}${start}${shapes}`;
        open = ctin;
      }
      this.add(bills);
      yield piece;
    }
    if (open !== undefined) yield ']}';
  }

  private async sumOthers(others: readonly SourceRow[]): Promise<void> {
    for await (const bills of this.salesTo('others', [others])) {
      this.add(bills);
      for (const bill of bills.filter(isAtHome)) this.rates.add(bill);
    }
  }

  private async *largeSales(others: readonly SourceRow[]): AsyncGenerator<readonly unknown[], void, undefined> {
    const large = sql`i.total_amount > ${exactText(LARGE_SALE)}`;
    for await (const bills of this.salesTo('large', [others], large)) yield bills.filter(isLargeAndFar).map(largeSale);
  }

  private async purchaseTotal(): Promise<Amounts> {
    let total = NOTHING_YET;
    for await (const bills of this.purchases('purchase_total')) total = plus(total, amountsOf(bills.flatMap(linesOf)));
    return total;
  }

  private add(sales: readonly Bill[]): void {
    for (const bill of sales) this.codes.add(bill);
    this.sales = plus(this.sales, amountsOf(sales.flatMap(linesOf)));
  }

  /** Sales to these customers, group by group, the newest first. */
  private salesTo(name: string, groups: readonly (readonly SourceRow[])[], ...more: readonly Sql[]) {
    const ids = groups.flatMap((group) => group.map((row) => text(row, 'id')));
    const places = groups.flatMap((group, place) => group.map(() => String(place)));
    const question = {
      name: `${NAME}.${name}`,
      joins: sql`JOIN unnest(${ids}::bigint[], ${places}::integer[]) AS buyer (id, place) ON buyer.id = i.customer_id`,
      conditions: [...this.conditions, sql`i.type_of_invoice = 'outward'`, ...more],
      order: sql`buyer.place, ${NEWEST_FIRST}`,
    };
    return billsOf(question, this.query);
  }

  private purchases(name: string) {
    const conditions = [...this.conditions, sql`i.type_of_invoice = 'inward'`];
    return billsOf({ name: `${NAME}.${name}`, conditions, order: NEWEST_FIRST }, this.query);
  }
}

const linesOf = ({ lines }: Bill): Bill['lines'] => lines;

async function* shaped(bills: AsyncIterable<readonly Bill[]>, shape: (bill: Bill) => unknown) {
  for await (const some of bills) yield some.map(shape);
}

/** The members of a JSON array, without its brackets. */
async function* listed(lists: AsyncIterable<readonly unknown[]>): AsyncGenerator<string, void, undefined> {
  let comma = '';
  for await (const members of lists) {
    if (members.length === 0) continue;
    yield comma + members.map((member) => JSON.stringify(member)).join();
    comma = ',';
  }
}
