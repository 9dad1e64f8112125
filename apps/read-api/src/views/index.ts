import { type View } from '../view.js';
import { accountPreferences } from './account/account-preferences.js';
import { accountProfile } from './account/account-profile.js';
import { accountUsers } from './account/account-users.js';
import { auditGet } from './audit/audit-get.js';
import { auditList } from './audit/audit-list.js';
import { businessGet } from './business/business-get.js';
import { businessList } from './business/business-list.js';
import { businessPerformance } from './business/business-performance.js';
import { apiRoot } from './constant/api-root.js';
import { customerGet } from './customer/customer-get.js';
import { invoiceAllIds } from './invoice/invoice-all-ids.js';
import { invoiceCheckDuplicate } from './invoice/invoice-check-duplicate.js';
import { invoiceDataQuality } from './invoice/invoice-data-quality.js';
import { invoiceDistribution } from './invoice/invoice-distribution.js';
import { invoiceEwayBill } from './invoice/invoice-eway-bill.js';
import { invoiceGet } from './invoice/invoice-get.js';
import { invoiceList } from './invoice/invoice-list.js';
import { invoiceListFull } from './invoice/invoice-list-full.js';
import { invoiceMonthlyTotals } from './invoice/invoice-monthly-totals.js';
import { invoiceNextNumber } from './invoice/invoice-next-number.js';
import { invoicePrint } from './invoice/invoice-print.js';
import { invoiceSummary } from './invoice/invoice-summary.js';
import { invoiceTotals } from './invoice/invoice-totals.js';
import { inwardGet } from './inward/inward-get.js';
import { inwardList } from './inward/inward-list.js';
import { ledgerGet } from './ledger/ledger-get.js';
import { lineItemGet } from './line-item/line-item-get.js';
import { lineItemList, lineItemsByInvoice } from './line-item/line-item-list.js';
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
import { reportGstrExport } from './report/report-gstr-export.js';
import { reportGstr1Portal } from './report/report-gstr1-portal.js';
import { type Route } from './route.js';
import { noMedia, type ReadMedia } from './shapes/signature.js';

export { type Route } from './route.js';
export { type ReadMedia } from './shapes/signature.js';

const router = (path: string, view: View): Route => ({ path, kind: 'router', view });
const digits = (path: string, view: View): Route => ({ path, kind: 'digits', view });

/** Every view with its address. Fixed paths stand before `:id`; of two with the same path the one whose `when` is met. */
export const routesWith = (readMedia: ReadMedia): readonly Route[] => [
  router('/api/', apiRoot),

  router('/api/businesses/', businessList(readMedia)),
  router('/api/businesses/performance/', businessPerformance),
  router('/api/businesses/:id/', businessGet(readMedia)),

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
  router('/api/invoices/totals/', invoiceTotals),
  router('/api/invoices/all_ids/', invoiceAllIds),
  router('/api/invoices/monthly_totals/', invoiceMonthlyTotals),
  router('/api/invoices/distribution/', invoiceDistribution),
  router('/api/invoices/check_duplicate/', invoiceCheckDuplicate),
  router('/api/invoices/next_invoice_number/', invoiceNextNumber),
  router('/api/invoices/data_quality/', invoiceDataQuality),
  router('/api/invoices/gstr_export/', reportGstrExport),
  router('/api/invoices/gstr1-portal-json/', reportGstr1Portal),
  router('/api/invoices/:id/', invoiceGet),
  router('/api/invoices/:id/summary/', invoiceSummary),
  router('/api/invoices/:id/print/', invoicePrint),
  router('/api/invoices/:id/eway_bill/', invoiceEwayBill),

  router('/api/line-items/', lineItemList),
  router('/api/line-items/:id/', lineItemGet),
  digits('/api/invoices/:id/line-items/', lineItemsByInvoice),

  digits('/api/inward-bills/:id/', inwardGet),
  router('/api/inward-bills/', inwardList),
  digits('/api/itc-ledger/:business_id/', ledgerGet),

  router('/api/audit-logs/', auditList),
  router('/api/audit-logs/:id/', auditGet),

  router('/api/profile/', accountProfile),
  { ...router('/api/users/', accountUsers), role: 'admin' },
  router('/api/preferences/', accountPreferences),
];

/** The routes where there is no media folder to read: signatures show as null. */
export const routes: readonly Route[] = routesWith(noMedia);
