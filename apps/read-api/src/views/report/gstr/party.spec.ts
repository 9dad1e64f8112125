import { GUJARAT_GSTIN, party, RAJASTHAN } from '../testing/bills.js';
import { firstTwo, isInterstate, lengthOf, partyOf, stateCode } from './party.js';

test('GST numbers decide where both have a state in them', () => {
  expect(isInterstate(RAJASTHAN, party(GUJARAT_GSTIN, 'RAJASTHAN'))).toBe(true);
  expect(isInterstate(RAJASTHAN, party(' 08', 'GUJARAT'))).toBe(false);
});

test('else the names of the states do, where both are known', () => {
  expect(isInterstate(RAJASTHAN, party('', ' gujarat '))).toBe(true);
  expect(isInterstate(RAJASTHAN, party('2', 'Rajasthan'))).toBe(false);
  expect(isInterstate(RAJASTHAN, party('', '  '))).toBe(false);
  expect(isInterstate(party('', ''), party(GUJARAT_GSTIN, 'GUJARAT'))).toBe(false);
});

test.each([
  [' 24 ', 'RAJASTHAN', '24'],
  ['2', 'rajasthan', '08'],
  ['', 'CENTRE JURISDICTION', '99'],
  ['', 'Atlantis', ''],
  ['', '', ''],
])('the state of "%s" in "%s" is "%s"', (gstNumber, stateName, code) => {
  expect(stateCode(party(gstNumber, stateName))).toBe(code);
});

test('NULL is no number and no state', () => {
  expect(partyOf({ name: 'A', gst_number: null, state_name: null })).toEqual({
    name: 'A',
    gstNumber: '',
    gstin: '',
    stateName: '',
  });
});

test('characters count, not code units', () => {
  expect(firstTwo('💍💍x')).toBe('💍💍');
  expect(lengthOf('💍💍x')).toBe(3);
});
