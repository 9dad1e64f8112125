import { bills } from './bills.js';
import { DAY_MS, FIRST_DAY, type World } from './world.js';
import { decimal, moment, type Cell, type Table } from './table.js';

const WORKSPACE = 1;
const AUDITED_BILLS = 20_000;
const ROLES = ['admin', 'editor', 'viewer'];
/** No password hash begins with this: nobody can log in as a demo user, tokens are handed out. */
const UNUSABLE_PASSWORD = '!demo';

/** Who is who. The first is the user whose token `npm start` prints. */
const USERS = [
  { id: 1, username: 'asha', first: 'Asha', last: 'Rathore', role: 'admin' },
  { id: 2, username: 'imran', first: 'Imran', last: 'Khan', role: 'editor' },
  { id: 3, username: 'nandini', first: 'Nandini', last: 'Iyer', role: 'viewer' },
  { id: 4, username: 'joseph', first: 'Joseph', last: 'Fernandes', role: 'viewer' },
] as const;

/** Every table in an order in which parents come before children. */
export function tables(world: World): readonly Table[] {
  return [...accounts(), ...books(world), invoices(world), lineItems(world), auditLog(world)];
}

function accounts(): Table[] {
  const joined = moment(FIRST_DAY);
  return [
    { name: 'auth_group', columns: ['id', 'name'], rows: ROLES.map((name, i) => [i + 1, name]) },
    {
      name: 'auth_user',
      columns: ['id', 'password', 'last_login', 'is_superuser', 'username', 'first_name', 'last_name', 'email', 'is_staff', 'is_active', 'date_joined'], // prettier-ignore
      rows: USERS.map(({ id, username, first, last, role }) => [
        id, UNUSABLE_PASSWORD, null, false, username, first, last, `${username}@example.in`, role === 'admin', true, joined,
      ]), // prettier-ignore
    },
    {
      name: 'auth_user_groups',
      columns: ['id', 'user_id', 'group_id'],
      rows: USERS.map(({ id, role }) => [id, id, ROLES.indexOf(role) + 1]),
    },
    {
      name: 'billing_userpreference',
      columns: ['id', 'user_id', 'data', 'updated_at'],
      rows: USERS.slice(0, 2).map(({ id }) => [id, id, JSON.stringify({ theme: 'light', pageSize: 25 }), joined]),
    },
  ];
}

function books({ businesses, customers, products }: World): Table[] {
  const stamps: Cell[] = [moment(FIRST_DAY), moment(FIRST_DAY), WORKSPACE];
  const stampColumns = ['created_at', 'updated_at', 'workspace_id'];
  const links = businesses.flatMap((business) => business.customers.map((customer) => [customer.id, business.id]));
  return [
    {
      name: 'billing_business',
      columns: ['id', ...stampColumns, 'name', 'address', 'gst_number', 'mobile_number', 'email', 'pan_number', 'bank_name', 'bank_account_number', 'bank_ifsc_code', 'bank_branch_name', 'state_name', 'invoice_prefix', 'primary_color_theme'], // prettier-ignore
      rows: businesses.map(({ id, name, address, gstin, mobile, pan, place, prefix }) => [
        id, ...stamps, name, address, gstin, mobile, `accounts@${prefix.toLowerCase()}.example.in`, pan, 'Bank of Demo',
        String(10_000_000 + id), 'DEMO0000001', place.city, place.state, prefix, '#d04e00',
      ]), // prettier-ignore
    },
    {
      name: 'billing_customer',
      columns: ['id', ...stampColumns, 'name', 'address', 'gst_number', 'pan_number', 'mobile_number', 'state_name'],
      rows: customers.map(({ id, name, address, gstin, pan, mobile, place }) => [
        id, ...stamps, name, address, gstin, pan, mobile, place.state,
      ]), // prettier-ignore
    },
    {
      name: 'billing_customer_businesses',
      columns: ['id', 'customer_id', 'business_id'],
      rows: links.map(([customer = 0, business = 0], i) => [i + 1, customer, business]),
    },
    {
      name: 'billing_product',
      columns: ['id', ...stampColumns, 'name', 'hsn_code', 'gst_tax_rate', 'default_unit', 'description'],
      rows: products.map(({ id, name, hsn, tax, unit }) => [id, ...stamps, name, hsn, tax / 10_000, unit, '']),
    },
    {
      name: 'billing_itcreclaimledger',
      columns: ['id', ...stampColumns, 'business_id', 'opening_cgst', 'opening_sgst', 'opening_igst', 'opening_as_of'],
      rows: businesses.map(({ id }) => [id, ...stamps, id, 1200 * id, 1200 * id, 800 * id, dateText(FIRST_DAY)]),
    },
  ];
}

function invoices(world: World): Table {
  function* rows(): Iterable<Cell[]> {
    for (const { id, business, customer, outward, number, dateMs, createdMs, total } of bills(world)) {
      const at = moment(createdMs, id % 1000);
      const type = outward ? 'outward' : 'inward';
      yield [id, at, at, WORKSPACE, customer.id, business.id, number, decimal(total), dateText(dateMs), type, '', '', '', '', 'Regular', 'Road'];
    } // prettier-ignore
  }
  return {
    name: 'billing_invoice',
    columns: ['id', 'created_at', 'updated_at', 'workspace_id', 'customer_id', 'business_id', 'invoice_number', 'total_amount', 'invoice_date', 'type_of_invoice', 'eway_bill_number', 'transporter_name', 'transporter_gstin', 'vehicle_number', 'vehicle_type', 'transport_mode'], // prettier-ignore
    rows: rows(),
  };
}

function lineItems(world: World): Table {
  function* rows(): Iterable<Cell[]> {
    for (const bill of bills(world)) {
      const at = moment(bill.createdMs, bill.id % 1000);
      for (const { id, product, quantity, rate, cgst, sgst, igst, amount } of bill.lines) {
        yield [
          id, at, at, WORKSPACE, bill.customer.id, bill.id, product.name, product.hsn, product.tax / 10_000, decimal(quantity), decimal(rate),
          decimal(cgst), decimal(sgst), decimal(igst), decimal(amount), product.unit,
        ]; // prettier-ignore
      }
    }
  }
  return {
    name: 'billing_lineitem',
    columns: ['id', 'created_at', 'updated_at', 'workspace_id', 'customer_id', 'invoice_id', 'product_name', 'hsn_code', 'gst_tax_rate', 'quantity', 'rate', 'cgst', 'sgst', 'igst', 'amount', 'unit'], // prettier-ignore
    rows: rows(),
  };
}

/** The trail of the latest bills: made by the editor, some of them corrected by the admin. */
function auditLog(world: World): Table {
  function* rows(): Iterable<Cell[]> {
    let id = 0;
    for (const bill of bills(world)) {
      if (bill.id <= world.scale.invoices - AUDITED_BILLS) continue;
      const name = `#${bill.number} - ${bill.customer.name}`;
      yield [++id, 'created', 'invoice', bill.id, name, 2, 'Created invoice', null, null, moment(bill.createdMs)];
      if (bill.id % 10 !== 0) continue;
      const changes = JSON.stringify({ total_amount: { old: '0.000', new: decimal(bill.total) } });
      const at = moment(bill.createdMs + DAY_MS / 24);
      yield [++id, 'updated', 'invoice', bill.id, name, 1, 'Updated total_amount', changes, null, at];
    }
  }
  return {
    name: 'billing_auditlog',
    columns: [
      'id',
      'action',
      'entity',
      'entity_id',
      'entity_name',
      'user_id',
      'details',
      'changes',
      'snapshot',
      'timestamp',
    ],
    rows: rows(),
  };
}

function dateText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
