import { type View } from '../view.js';
import { businessGet } from './business/business-get.js';
import { customerGet } from './customer/customer-get.js';
import { invoiceGet } from './invoice/invoice-get.js';
import { invoiceList } from './invoice/invoice-list.js';
import { invoiceListFull } from './invoice/invoice-list-full.js';
import { customerExport } from './customer/customer-export.js';
import { customerList } from './customer/customer-list.js';
import { customerNameSearch } from './customer/customer-search.js';
import { customerTop } from './customer/customer-top.js';
import { productDefaults } from './product/product-defaults.js';
import { productGet } from './product/product-get.js';
import { productHsnUsage } from './product/product-hsn-usage.js';
import { productList } from './product/product-list.js';
import { productNameSearch } from './product/product-search.js';
import { productTop } from './product/product-top.js';
import { csvReady, reportReady } from './report/report-ready.js';
import { reportStats } from './report/report-stats.js';
import { reportGstSummary } from './report/report-gst-summary.js';
import { type Route } from './route.js';

export { type Route } from './route.js';

const router = (path: string, view: View): Route => ({ path, kind: 'router', view });

/** Every view with its address. Fixed paths stand before `:id`; of two with the same path the one whose `when` is met. */
export const routes: readonly Route[] = [
  router('/api/businesses/:id/', businessGet),

  router('/api/customers/', customerList),
  router('/api/customers/search/', customerNameSearch),
  router('/api/customers/top/', customerTop),
  router('/api/customers/export_csv/', customerExport),
  router('/api/customers/:id/', customerGet),

  router('/api/products/', productList),
  router('/api/products/search/', productNameSearch),
  router('/api/products/top/', productTop),
  router('/api/products/defaults/', productDefaults),
  router('/api/products/:id/', productGet),
  router('/api/products/:id/hsn_usage/', productHsnUsage),

  router('/api/reports/generate/', reportReady),
  router('/api/csv/import/', csvReady),

  { ...router('/api/invoices/', invoiceListFull), when: { include_items: 'true' } },
  router('/api/invoices/', invoiceList),
  router('/api/invoices/stats/', reportStats),
  router('/api/invoices/gst_summary/', reportGstSummary),
  router('/api/invoices/:id/', invoiceGet),
];
