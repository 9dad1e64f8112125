import { parseDate } from '../../parameters.js';

/** The Indian financial year of a day: from 1 April on, the year it is in. */
export function financialYearOf(day: string): number {
  const year = Number(day.slice(0, 4));
  return Number(day.slice(5, 7)) >= 4 ? year : year - 1;
}

/** First and last day. */
export function daysOfYear(year: number): { from: string; to: string } {
  return { from: year < 1 ? '0001-01-01' : `${padded(year)}-04-01`, to: `${padded(year + 1)}-03-31` };
}

/** `2024-25` */
export function yearName(year: number): string {
  return `${year}-${String(year + 1).slice(-2)}`;
}

/** The financial year that an optional `invoice_date` names; a bad one is ignored like none, and today counts. */
export function yearAsked(invoiceDate: string | undefined, today: string): number {
  const day = invoiceDate?.includes('-') ? parseDate(invoiceDate) : undefined;
  return financialYearOf(day ?? today);
}

function padded(year: number): string {
  return String(year).padStart(4, '0');
}
