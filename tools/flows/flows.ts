import { type Browser } from './browser.js';
import { type Original } from './original.js';
import * as sql from './statements.js';

/** What one tab works on. Rows of its own, on pages that it shares with the other tabs. */
export interface Desk {
  readonly browser: Browser;
  readonly original: Original;
  readonly business: number;
  readonly customer: number;
  readonly product: number;
  readonly invoice: number;
}

/** @param mark a number that was never written before: as an amount and inside names it tells this write from all others */
type Flow = (desk: Desk, mark: string) => Promise<void>;

const CUSTOMERS = '/api/customers/?page_size=1000';
const PRODUCTS = '/api/products/?page_size=1000';
const BUSINESSES = '/api/businesses/';
const USERS = '/api/users/';
// More than all tabs together write between a commit and the read after it.
const AUDIT = '/api/audit-logs/?page_size=200';
const invoicesOf = ({ business }: Desk): string => `/api/invoices/?business_id=${business}&page_size=50`;
const statsOf = ({ business }: Desk): string => `/api/invoices/stats/?business_id=${business}`;
const invoice = (id: number): string => `/api/invoices/${id}/`;
const customer = (id: number): string => `/api/customers/${id}/`;

/** What the front end does: opens a page, writes, and reads back as soon as the write is answered. */
export const flows: Readonly<Record<string, Flow>> = {
  async 'invoice: list, edit, list'(desk, mark) {
    const { browser, original, invoice: id } = desk;
    const pages = [invoicesOf(desk), invoice(id)];
    await browser.open(...pages, statsOf(desk));
    const lines = [sql.deleteLines(id), sql.insertLine(id, desk.customer, `Ring ${mark}`)];
    browser.take(await original.request([...lines, sql.setTotal(id, mark), sql.audit('invoice', id, mark)]));
    await browser.sees(mark, ...pages, statsOf(desk), AUDIT);
  },

  async 'invoice: create, get, delete, list'(desk, mark) {
    const { browser, original } = desk;
    const id = await original.nextId('billing_invoice');
    const pages = [invoicesOf(desk), invoice(id), statsOf(desk)];
    await browser.open(...pages);
    const head = [
      sql.insertInvoice({ ...desk, id, number: `N-${mark}` }),
      sql.history(id),
      sql.audit('invoice', id, mark),
    ];
    const body = [sql.insertLine(id, desk.customer, `Chain ${mark}`), sql.setTotal(id, mark)];
    browser.take(await original.request([...head, ...body]));
    await browser.sees(mark, ...pages);
    const gone = [sql.deleteLines(id), sql.setTotal(id, '0'), sql.deleteInvoice(id)];
    browser.take(await original.request(gone, sql.audit('invoice', id, mark)));
    await browser.seesNo(mark, ...pages);
  },

  async 'invoice: read from a picture, get'(desk, mark) {
    const { browser, original } = desk;
    const id = await original.nextId('billing_invoice');
    await browser.open(invoice(id), invoicesOf(desk));
    // Each commit shows: for a while the invoice has no lines.
    const commits = [
      sql.insertInvoice({ ...desk, id, number: `A-${mark}` }),
      sql.insertLine(id, desk.customer, `Coin ${mark}`),
    ];
    browser.take(await original.request(...commits, sql.setTotal(id, mark), sql.saveInvoice(id, '')));
    await browser.sees(`Coin ${mark}`, invoice(id));
    await browser.sees(`${mark}.000`, invoice(id), invoicesOf(desk));
    await original.request([sql.deleteLines(id), sql.deleteInvoice(id)]);
  },

  async 'invoice: e-way bill, get'({ browser, original, invoice: id }, mark) {
    await browser.open(invoice(id), `/api/invoices/${id}/eway_bill/`);
    browser.take(await original.request([sql.saveInvoice(id, mark), sql.history(id)], sql.audit('invoice', id, '')));
    await browser.sees(mark, invoice(id), `/api/invoices/${id}/eway_bill/`);
  },

  async 'customer: rename, list'(desk, mark) {
    const { browser, original, customer: id } = desk;
    const pages = [CUSTOMERS, customer(id), invoicesOf(desk), invoice(desk.invoice)];
    await browser.open(...pages);
    const links = [sql.unlink(id), sql.link(id, desk.business)];
    browser.take(
      await original.request(sql.renameCustomer(id, `Meena ${mark}`), ...links, sql.audit('customer', id, '')),
    );
    await browser.sees(mark, ...pages);
  },

  async 'customer: create, list, get, delete, list'({ browser, original, business }, mark) {
    const id = await original.nextId('billing_customer');
    await browser.open(CUSTOMERS, customer(id));
    const commits = [sql.insertCustomer(id, `Kabir ${mark}`), sql.link(id, business), sql.audit('customer', id, '')];
    browser.take(await original.request(...commits, sql.enrichCustomer(id, `Lane ${mark}`)));
    await browser.sees(`Kabir ${mark}`, CUSTOMERS);
    await browser.sees(`Lane ${mark}`, customer(id));
    browser.take(await original.request([sql.unlink(id), sql.deleteCustomer(id)], sql.audit('customer', id, '')));
    await browser.seesNo(mark, CUSTOMERS, customer(id));
  },

  async 'customers: merge, invoices of the target'(desk, mark) {
    const { browser, original, customer: target } = desk;
    const [source, id] = [await original.nextId('billing_customer'), await original.nextId('billing_invoice')];
    const pages = [customer(target), `/api/invoices/?customer_id=${target}&page_size=50`];
    const theirs = [sql.insertInvoice({ ...desk, id, customer: source, number: `M-${mark}` }), sql.setTotal(id, mark)];
    await original.request([sql.insertCustomer(source, `Tara ${mark}`), sql.link(source, desk.business), ...theirs]);
    await browser.open(...pages);
    const moved = ['UPDATE billing_invoice SET customer_id = $2 WHERE customer_id = $1', source, target] as const;
    const lines = ['UPDATE billing_lineitem SET customer_id = $2 WHERE customer_id = $1', source, target] as const;
    const rest = [sql.link(target, desk.business), sql.unlink(source), sql.deleteCustomer(source)];
    browser.take(await original.request(moved, lines, ...rest, sql.audit('customer', target, '')));
    await browser.sees(mark, pages[1] ?? '');
    await browser.seesNo(`Tara ${mark}`, CUSTOMERS);
    await original.request([sql.deleteInvoice(id)]);
  },

  async 'product: edit, list'({ browser, original, product }, mark) {
    await browser.open(PRODUCTS, `/api/products/${product}/`);
    const saved = ['UPDATE billing_product SET name = $2 WHERE id = $1', product, `Bangle ${mark}`] as const;
    browser.take(await original.request(saved, sql.audit('product', product, '')));
    await browser.sees(mark, PRODUCTS, `/api/products/${product}/`);
  },

  async 'business: edit, list'({ browser, original, business }, mark) {
    await browser.open(BUSINESSES, `/api/businesses/${business}/`);
    const saved = ['UPDATE billing_business SET name = $2 WHERE id = $1', business, `Neem ${mark}`] as const;
    browser.take(await original.request(saved, sql.audit('business', business, '')));
    await browser.sees(mark, BUSINESSES, `/api/businesses/${business}/`);
  },

  async 'inward bill: create, get'(desk, mark) {
    const { browser, original, business } = desk;
    const id = await original.nextId('billing_invoice');
    const pages = [`/api/inward-bills/${id}/`, `/api/inward-bills/?business=${business}`];
    await browser.open(...pages);
    const bill = sql.insertInvoice({ ...desk, id, type: 'inward', number: `B-${mark}` });
    browser.take(await original.request([bill, sql.insertLine(id, desk.customer, 'Lot'), sql.setTotal(id, mark)]));
    await browser.sees(mark, ...pages);
    await original.request([sql.deleteLines(id), sql.deleteInvoice(id)]);
  },

  async 'user: create, list'({ browser, original }, mark) {
    const id = await original.nextId('auth_user');
    await browser.open(USERS);
    const user = [
      `INSERT INTO auth_user (id, password, is_superuser, username, first_name, last_name, email, is_staff, is_active, date_joined)
       VALUES ($1, '', false, $2, '', '', '', false, true, clock_timestamp())`,
      id,
      `ravi-${mark}`,
    ] as const;
    const group = ['INSERT INTO auth_user_groups (user_id, group_id) VALUES ($1, 2)', id] as const;
    browser.take(await original.request(user, group));
    await browser.sees(mark, USERS);
    const groups = ['DELETE FROM auth_user_groups WHERE user_id = $1', id] as const;
    browser.take(await original.request([groups, ['DELETE FROM auth_user WHERE id = $1', id]]));
    await browser.seesNo(mark, USERS);
  },
};
