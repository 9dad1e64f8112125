import { type Query, type SourceRow } from '@freshet/cache-engine';
import sql, { type Sql } from 'sql-template-tag';
import { statement } from '../../../statement.js';
import { text } from '../../shapes/columns.js';
import { where } from '../../shapes/conditions.js';
import { amountsOf, type Bill } from './bill.js';
import { billsOf } from './bill-cursor.js';
import { groupBy } from './groups.js';
import { isAtHome, isLargeAndFar, isRegistered, largeSale, registeredSale } from './gstr1.js';
import { purchase } from './gstr2b.js';
import { gstr3b } from './gstr3b.js';
import { partyOf } from './party.js';
import { CodeSums, NOTHING_YET, plus, RateSums } from './running-sums.js';

const NAME = 'report.gstr_export';
const NEWEST_FIRST = sql`i.invoice_date DESC, i.id DESC`;

/**
 * The export section by section, PostgreSQL doing the sorting. Held here are a number for each buyer, the sums, and 250 bills at a time;
 * every bill is read once. A blank stands for bills that only count in a sum, so that whoever waits hears that it goes on.
 */
export class StreamedExport {
  private readonly rates = new RateSums();
  private readonly codes = new CodeSums();
  private sold = NOTHING_YET;
  private bought = NOTHING_YET;

  /** @param conditions on billing_invoice AS i */
  constructor(
    private readonly conditions: readonly Sql[],
    private readonly query: Query,
  ) {}

  async *pieces(): AsyncGenerator<string, void, undefined> {
    const buyers = await this.buyers();
    yield '{"gstr1":{"b2b":[';
    yield* this.registeredSales(buyers.registered);
    yield '],"b2cl":[';
    yield* listed(this.otherSales(buyers.others));
    yield `],"b2cs":${JSON.stringify(this.rates.shape())},"hsn":${JSON.stringify({ data: this.codes.shape() })}},`;
    yield '"gstr2b":{"inward_invoices":[';
    yield* listed(this.purchases());
    yield `]},"gstr3b":${JSON.stringify(gstr3b(this.sold, this.bought))}}`;
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

  /** All of them count, few are listed. */
  private async *otherSales(buyers: readonly SourceRow[]): AsyncGenerator<readonly unknown[], void, undefined> {
    for await (const bills of this.salesTo('others', [buyers])) {
      this.add(bills);
      for (const bill of bills.filter(isAtHome)) this.rates.add(bill);
      yield bills.filter(isLargeAndFar).map(largeSale);
    }
  }

  private async *purchases(): AsyncGenerator<readonly unknown[], void, undefined> {
    const conditions = [...this.conditions, sql`i.type_of_invoice = 'inward'`];
    for await (const bills of billsOf({ name: `${NAME}.purchases`, conditions, order: NEWEST_FIRST }, this.query)) {
      this.bought = plus(this.bought, amountsOf(bills.flatMap(linesOf)));
      yield bills.map(purchase);
    }
  }

  private add(sales: readonly Bill[]): void {
    for (const bill of sales) this.codes.add(bill);
    this.sold = plus(this.sold, amountsOf(sales.flatMap(linesOf)));
  }

  /** Sales to these customers, group by group, the newest first. */
  private salesTo(name: string, groups: readonly (readonly SourceRow[])[]) {
    const ids = groups.flatMap((group) => group.map((row) => text(row, 'id')));
    const places = groups.flatMap((group, place) => group.map(() => String(place)));
    const question = {
      name: `${NAME}.${name}`,
      joins: sql`JOIN unnest(${ids}::bigint[], ${places}::integer[]) AS buyer (id, place) ON buyer.id = i.customer_id`,
      conditions: [...this.conditions, sql`i.type_of_invoice = 'outward'`],
      order: sql`buyer.place, ${NEWEST_FIRST}`,
    };
    return billsOf(question, this.query);
  }
}

const linesOf = ({ lines }: Bill): Bill['lines'] => lines;

/** The members of a JSON array, without its brackets; a blank where some bills bring none. */
async function* listed(lists: AsyncIterable<readonly unknown[]>): AsyncGenerator<string, void, undefined> {
  let comma = '';
  for await (const members of lists) {
    yield members.length === 0 ? ' ' : comma + members.map((member) => JSON.stringify(member)).join();
    if (members.length > 0) comma = ',';
  }
}
