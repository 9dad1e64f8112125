import type { Random } from '../demo-data/random.js';
import type { Face, RowHistory } from './row-history.js';
import { insertLines, type Invoice, nameOf, saveInvoice, type Scene } from './scene.js';

/** One transaction: what it writes, and how the rows look afterwards. */
export interface Deed {
  readonly name: string;
  readonly writes: readonly { readonly row: RowHistory; readonly face: Face }[];
  readonly sql: readonly string[];
}

/** What a kind of writer does to the rows of one owner. */
type Plan = (own: { scene: Scene; owner: number; random: Random }) => Deed;

/** An ORM's save: one row, every column. */
const save: Plan = (own) => {
  const invoice = pickInvoice(own);
  const face = revived(invoice);
  return { name: 'save', writes: [{ row: invoice.row, face }], sql: saved(invoice, face) };
};

/** The front end's edit: the invoice, its lines deleted and written anew. */
const edit: Plan = (own) => {
  const invoice = pickInvoice(own);
  const face = { ...revived(invoice), linesOf: invoice.row.next, lineCount: own.random.between(1, 4) };
  const sql = [saveInvoice(invoice, invoice.row.next, face), deleteLines(invoice), insertLines(invoice.id, face)];
  return { name: 'edit', writes: [{ row: invoice.row, face }], sql };
};

const move: Plan = (own) => {
  const invoice = pickInvoice(own);
  const before = revived(invoice);
  const other = own.scene.customersOf(own.owner).find(({ id }) => id !== before.customer);
  const face = { ...before, customer: other?.id ?? before.customer };
  return { name: 'move', writes: [{ row: invoice.row, face }], sql: saved(invoice, face) };
};

/** What an ORM makes of a cascade: the children first. */
const remove: Plan = (own) => {
  const invoice = pickInvoice(own);
  const face = { ...invoice.row.face, there: false };
  const sql = [deleteLines(invoice), `DELETE FROM billing_invoice WHERE id = ${invoice.id}`];
  return { name: 'delete', writes: [{ row: invoice.row, face }], sql };
};

/** One statement for everything that the owner has. */
const bulk: Plan = ({ scene, owner }) => {
  const own = scene.invoices.filter((invoice) => invoice.owner === owner && invoice.row.face.there);
  const values = own.map(({ id, row }) => `(${id}, ${row.next})`);
  const sql = `UPDATE billing_invoice i SET total_amount = v.version
    FROM (VALUES ${values.join(', ')}) AS v (id, version) WHERE i.id = v.id`;
  return { name: 'bulk', writes: own.map(({ row }) => ({ row, face: row.face })), sql: own.length === 0 ? [] : [sql] };
};

/** Parties are renamed, several in one transaction, part of it tried, undone and done again. */
const rename: Plan = ({ scene, owner, random }) => {
  const customers = scene.customersOf(owner).filter(() => random.chance(0.7));
  const businesses = scene.businesses.filter((business) => business.owner === owner);
  const sql = (table: string) => (party: { id: number; row: RowHistory }) =>
    `UPDATE ${table} SET name = '${nameOf(party.row, party.row.next)}' WHERE id = ${party.id}`;
  const undone = `UPDATE billing_customer SET name = 'nobody' WHERE id = ${customers[0]?.id ?? 1}`;
  return {
    name: 'rename',
    writes: [...customers, ...businesses].map(({ row }) => ({ row, face: row.face })),
    sql: [
      ...customers.map(sql('billing_customer')),
      ...['SAVEPOINT a', undone, 'ROLLBACK TO a'],
      ...businesses.map(sql('billing_business')),
    ],
  };
};

/** A table that is filled, and emptied at a stroke. */
const journal: Plan = (own) => {
  const { row, owner } = own.scene.journal;
  if (own.owner !== owner) return save(own);
  const empties = row.face.lineCount > 0 && own.random.chance(0.4);
  const face = { ...row.face, lineCount: empties ? 0 : row.face.lineCount + 1 };
  const insert = `INSERT INTO billing_auditlog (action, entity, entity_id, entity_name, details, "timestamp")
    VALUES ('update', 'invoice', 1, '${nameOf(row, row.next)}', '', now())`;
  return { name: 'journal', writes: [{ row, face }], sql: [empties ? 'TRUNCATE billing_auditlog' : insert] };
};

const PRODUCT = `INSERT INTO billing_product (created_at, updated_at, workspace_id, name, hsn_code, gst_tax_rate, default_unit)
  SELECT now(), now(), 1, 'product ' || coalesce(max(id), 0) + 1, '711319', 0.03, 'gms' FROM billing_product`;

/** A schema change among the others; the table is one that hardly anybody reads. */
const alter: Plan = ({ owner }) => ({
  name: 'alter',
  writes: [],
  sql: [
    `ALTER TABLE billing_product ADD COLUMN extra_${owner} integer`,
    PRODUCT,
    `ALTER TABLE billing_product DROP COLUMN extra_${owner}`,
  ],
});

const PLANS: readonly (readonly [weight: number, plan: Plan])[] = [
  [30, save],
  [20, edit],
  [12, move],
  [10, bulk],
  [10, remove],
  [10, rename],
  [15, journal],
  [0.3, alter],
];

export function nextDeed(own: { scene: Scene; owner: number; random: Random }): Deed {
  let left = own.random.unit() * PLANS.reduce((sum, [weight]) => sum + weight, 0);
  const plan = PLANS.find(([weight]) => (left -= weight) < 0)?.[1] ?? save;
  return plan(own);
}

function pickInvoice({ scene, owner, random }: { scene: Scene; owner: number; random: Random }): Invoice {
  return random.pick(scene.invoices.filter((invoice) => invoice.owner === owner));
}

/** An invoice that is away comes back with lines of its own. */
function revived({ row }: Invoice): Face {
  const { face } = row;
  return face.there ? face : { ...face, there: true, linesOf: row.next, lineCount: 1 };
}

function saved(invoice: Invoice, face: Face): string[] {
  const update = saveInvoice(invoice, invoice.row.next, face);
  return invoice.row.face.there ? [update] : [update, insertLines(invoice.id, face)];
}

const deleteLines = ({ id }: Invoice): string => `DELETE FROM billing_lineitem WHERE invoice_id = ${id}`;
