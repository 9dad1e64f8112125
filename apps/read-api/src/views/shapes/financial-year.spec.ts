import { daysOfYear, financialYearOf, yearAsked, yearName } from './financial-year.js';

test('a financial year begins on 1 April', () => {
  expect(financialYearOf('2025-03-31')).toBe(2024);
  expect(financialYearOf('2025-04-01')).toBe(2025);
  expect(daysOfYear(2024)).toEqual({ from: '2024-04-01', to: '2025-03-31' });
});

test('its name ends in the digits of the next year', () => {
  expect(yearName(2024)).toBe('2024-25');
  expect(yearName(2098)).toBe('2098-99');
  expect(yearName(2099)).toBe('2099-00');
  expect(yearName(9999)).toBe('9999-00');
});

test('the year asked for is that of the invoice date, if it is a date', () => {
  expect(yearAsked('2024-3-31', '2026-11-23')).toBe(2023);
  expect(yearAsked('10-10-2025', '2026-11-23')).toBe(2026);
  expect(yearAsked('20240331', '2026-11-23')).toBe(2026);
  expect(yearAsked(undefined, '2026-03-31')).toBe(2025);
});

test('the first and last years that a date can name have days PostgreSQL knows', () => {
  expect(daysOfYear(yearAsked('0001-01-01', ''))).toEqual({ from: '0001-01-01', to: '0001-03-31' });
  expect(daysOfYear(9999)).toEqual({ from: '9999-04-01', to: '10000-03-31' });
});
