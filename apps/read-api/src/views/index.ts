import { type View } from '../view.js';
import { businessGet } from './business/business-get.js';
import { customerGet } from './customer/customer-get.js';
import { invoiceGet } from './invoice/invoice-get.js';
import { invoiceList } from './invoice/invoice-list.js';
import { invoiceListFull } from './invoice/invoice-list-full.js';
import { type Route } from './route.js';

export { type Route } from './route.js';

const router = (path: string, view: View): Route => ({ path, kind: 'router', view });

/** Every view with its address. Fixed paths stand before `:id`; of two with the same path the one whose `when` is met. */
export const routes: readonly Route[] = [
  router('/api/businesses/:id/', businessGet),

  router('/api/customers/:id/', customerGet),

  { ...router('/api/invoices/', invoiceListFull), when: { include_items: 'true' } },
  router('/api/invoices/', invoiceList),
  router('/api/invoices/:id/', invoiceGet),
];
