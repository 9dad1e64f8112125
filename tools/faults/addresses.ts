import type { Claim } from './judge.js';
import type { Face, RowHistory } from './row-history.js';
import { type Invoice, lineName, type Party, type Scene } from './scene.js';

export interface Reply {
  readonly status: number;
  readonly body: string;
}

/** Something to ask for, and how to read its answer. */
export interface Address {
  readonly path: string;
  /** The rows it shows. */
  readonly rows: readonly RowHistory[];
  /** @throws when the answer is not one of those that the address gives. */
  readonly claims: (reply: Reply) => readonly Claim[];
}

interface InvoiceBody {
  readonly id: number;
  readonly total_amount: string;
  readonly customer: number;
  readonly customer_name: string;
  readonly business_name: string;
  readonly line_item_count: number;
  readonly line_items: readonly { readonly product_name: string }[];
}

interface PartyBody {
  readonly id: number;
  readonly name: string;
}

interface Page<T> {
  readonly results: readonly T[];
}

/** What is asked for while faults happen: rows, pages and sums, with and without filters. */
export function addressesOf(scene: Scene): readonly Address[] {
  return [
    ...scene.invoices.map((invoice) => oneInvoice(scene, invoice)),
    ...scene.customers.map((customer) => invoicePage(scene, `customer_id=${customer.id}`, ofCustomer(scene, customer))),
    ...scene.businesses.map(({ id }) => invoicePage(scene, `business_id=${id}`, ofBusiness(scene, id))),
    ...scene.invoices.slice(0, 12).map(linePage),
    ...scene.customers.map((customer) => oneParty('customers', customer)),
    ...scene.businesses.map((business) => oneParty('businesses', business)),
    partyPage('customers', scene.customers),
    partyPage('businesses', scene.businesses),
    ...['', '?page_size=5'].map((query) => journalPage(scene, query)),
    ...SUMS.map((path) => ({ path, rows: [], claims: () => [] })),
  ];
}

/** Their versions cannot be read off the answer: they are compared with the database when all is quiet. */
const SUMS = [
  '/api/invoices/totals/',
  '/api/invoices/totals/?business_id=1',
  '/api/invoices/stats/',
  '/api/invoices/gst_summary/',
  '/api/products/',
  '/api/line-items/',
];

function oneInvoice(scene: Scene, invoice: Invoice): Address {
  const { id, row, owner, business } = invoice;
  const parties = [...scene.customersOf(owner), scene.businesses[business - 1]].flatMap((party) => party?.row ?? []);
  return {
    path: `/api/invoices/${id}/`,
    rows: [row, ...parties],
    claims: (reply) => {
      if (reply.status === 404) return [{ row, fits: ({ there }) => !there, said: 'absent' }];
      const body = parsed<InvoiceBody>(reply);
      const names = body.line_items.map((line) => line.product_name);
      const fits = (face: Face): boolean => face.customer === body.customer && showsLines(face, names);
      return [shown(row, body, fits), ...namesIn(scene, body)];
    },
  };
}

/** Which of the invoices that may come and go belong on the page. */
interface Members {
  readonly invoices: readonly Invoice[];
  readonly parties: readonly RowHistory[];
  readonly here: (face: Face) => boolean;
}

function ofCustomer(scene: Scene, { id, owner }: Party): Members {
  const invoices = scene.invoices.filter((invoice) => invoice.owner === owner);
  const parties = [...scene.businesses, ...scene.customersOf(owner)].map(({ row }) => row);
  return { invoices, parties, here: ({ there, customer }) => there && customer === id };
}

function ofBusiness(scene: Scene, business: number): Members {
  const parties = [...scene.businesses, ...scene.customers].map(({ row }) => row);
  return {
    invoices: scene.invoices.filter((invoice) => invoice.business === business),
    parties,
    here: ({ there }) => there,
  };
}

function invoicePage(scene: Scene, filter: string, { invoices, parties, here }: Members): Address {
  return {
    path: `/api/invoices/?${filter}`,
    rows: [...invoices.map(({ row }) => row), ...parties],
    claims: (reply) => {
      const listed = new Map(parsed<Page<InvoiceBody>>(reply).results.map((body) => [body.id, body]));
      return invoices.flatMap(({ id, row }): Claim[] => {
        const body = listed.get(id);
        if (body === undefined) return [{ row, fits: (face) => !here(face), said: 'not listed' }];
        const fits = (face: Face): boolean =>
          here(face) && face.customer === body.customer && face.lineCount === body.line_item_count;
        return [shown(row, body, fits), ...namesIn(scene, body)];
      });
    },
  };
}

function linePage({ id, row }: Invoice): Address {
  return {
    path: `/api/line-items/?invoice_id=${id}`,
    rows: [row],
    claims: (reply) => {
      const names = parsed<Page<{ product_name: string }>>(reply).results.map((line) => line.product_name);
      const fits = (face: Face): boolean => (face.there ? showsLines(face, names) : names.length === 0);
      return [{ row, fits, said: `lines ${names.join(', ')}` }];
    },
  };
}

/** An empty page fits whatever emptied the table last; where it is filled, the newest row comes first. */
function journalPage({ journal: { row } }: Scene, query: string): Address {
  return {
    path: `/api/audit-logs/${query}`,
    rows: [row],
    claims: (reply) => {
      const [newest] = parsed<Page<{ entity_name: string }>>(reply).results;
      if (newest !== undefined) return [named(row, newest.entity_name)];
      return [{ row, fits: ({ lineCount }) => lineCount === 0, said: 'empty' }];
    },
  };
}

function oneParty(kind: string, { id, row }: Party): Address {
  return {
    path: `/api/${kind}/${id}/`,
    rows: [row],
    claims: (reply) => [named(row, parsed<PartyBody>(reply).name)],
  };
}

function partyPage(kind: string, parties: readonly Party[]): Address {
  return {
    path: `/api/${kind}/`,
    rows: parties.map(({ row }) => row),
    claims: (reply) =>
      parsed<Page<PartyBody>>(reply).results.flatMap(({ id, name }) => {
        const row = parties.find((party) => party.id === id)?.row;
        return row === undefined ? [] : [named(row, name)];
      }),
  };
}

function shown(row: RowHistory, { total_amount, customer }: InvoiceBody, fits: (face: Face) => boolean): Claim {
  const version = Number(total_amount);
  return { row, version, fits: (face) => face.there && fits(face), said: `v${version}, customer ${customer}` };
}

function namesIn(scene: Scene, { customer, customer_name, business_name }: InvoiceBody): Claim[] {
  const rows = [scene.customers[customer - 1]?.row, scene.businesses.find(({ row }) => isOf(row, business_name))?.row];
  return rows.flatMap((row, i) => (row === undefined ? [] : [named(row, i === 0 ? customer_name : business_name)]));
}

function named(row: RowHistory, name: string): Claim {
  const version = isOf(row, name) ? Number(name.slice(row.name.length + 2)) : -1;
  return { row, version, fits: () => true, said: name };
}

const isOf = (row: RowHistory, name: string): boolean => name.startsWith(`${row.name} v`);

function showsLines({ linesOf, lineCount }: Face, names: readonly string[]): boolean {
  return names.length === lineCount && names.every((name) => name === lineName(linesOf));
}

function parsed<T>({ status, body }: Reply): T {
  if (status !== 200) throw new Error(`answered ${status}: ${body.slice(0, 200)}`);
  return JSON.parse(body) as T;
}
