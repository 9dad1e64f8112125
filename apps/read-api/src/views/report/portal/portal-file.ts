import { exactNumber, sum } from '../exact.js';
import { type Party } from '../gstr/party.js';
import { hsnRows, hsnWarnings } from './hsn-section.js';
import { type PortalBill } from './portal-line.js';
import { b2b, b2cl, b2cs } from './sections.js';
import { type Supply, type SupplyOf, supplyOf } from './supply.js';

/** What the tax portal's offline tool takes, and what a person should know of it. @param period `YYYY-MM` */
export function portalFile(business: Party, period: string, bills: readonly PortalBill[]) {
  const supplies = bills.map(supplyOf);
  const sections = {
    b2b: b2b(only(supplies, 'b2b')),
    b2cl: b2cl(only(supplies, 'b2cl')),
    b2cs: b2cs(only(supplies, 'b2cs')),
  };
  const numbered = bills.filter((bill) => bill.number !== '');
  const hsn = hsnRows(numbered);
  const gstin = business.gstin.toUpperCase();
  const fp = period.split('-').reverse().join('');
  return {
    // The portal refuses a file with keys it does not know, and empty sections.
    file: {
      gstin,
      fp,
      version: 'GST3.2.1',
      hash: 'hash',
      ...(sections.b2b.rows.length > 0 ? { b2b: sections.b2b.rows } : {}),
      ...(sections.b2cl.rows.length > 0 ? { b2cl: sections.b2cl.rows } : {}),
      ...(sections.b2cs.rows.length > 0 ? { b2cs: sections.b2cs.rows } : {}),
      ...(hsn.length > 0 ? { hsn: { data: hsn } } : {}),
    },
    meta: {
      business: business.name,
      gstin,
      fp,
      invoice_counts: {
        b2b: only(supplies, 'b2b').length,
        b2cl: only(supplies, 'b2cl').length,
        b2cs: only(supplies, 'b2cs').length,
      },
      taxable_total: exactNumber(sum(Object.values(sections).map(({ taxable }) => taxable))),
      skipped: only(supplies, 'skipped').map(({ why }) => why),
      warnings: [...supplies.flatMap(warningsOf), ...hsnWarnings(numbered)],
    },
  };
}

function only<S extends Supply['section']>(supplies: readonly Supply[], section: S): readonly SupplyOf<S>[] {
  return supplies.filter((supply): supply is SupplyOf<S> => supply.section === section);
}

function warningsOf(supply: Supply): readonly string[] {
  return supply.section === 'skipped' ? [] : supply.warnings;
}
