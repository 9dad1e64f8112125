import { dateTime, isTrue, numberOf, roundHalfEven } from './values.js';

describe('a date-time', () => {
  it.each([
    ['2024-05-01 10:00:00+00', '2024-05-01T10:00:00Z'],
    ['2024-05-01 10:00:00.123456+00', '2024-05-01T10:00:00.123456Z'],
    ['2024-05-01 10:00:00.1+00', '2024-05-01T10:00:00.100000Z'],
  ])('%s is %s', (stored, shown) => expect(dateTime(stored)).toBe(shown));

  it('shows its zone as an offset on request', () =>
    expect(dateTime('2024-05-01 10:00:00+00', '+00:00')).toBe('2024-05-01T10:00:00+00:00'));

  it('from a session that is not in UTC is refused', () =>
    expect(() => dateTime('2024-05-01 15:30:00+05:30')).toThrow(RangeError));
});

describe('rounding half to even', () => {
  it.each([
    ['2.912', 2, '2.91'],
    ['0.125', 2, '0.12'],
    ['0.135', 2, '0.14'],
    ['0.12500001', 2, '0.13'],
    ['-0.125', 2, '-0.12'],
    ['-0.001', 2, '0.00'],
    ['999.995', 2, '1000.00'],
    ['5', 2, '5.00'],
    ['2.5', 0, '2'],
    ['3.5', 0, '4'],
    ['123456789012345678901234.565', 2, '123456789012345678901234.56'],
  ])('%s with %i digits is %s', (exact, digits, shown) => expect(roundHalfEven(exact, digits)).toBe(shown));

  it('refuses what is no decimal', () => expect(() => roundHalfEven('NaN', 2)).toThrow(RangeError));
});

it('a sum over no rows is 0', () => expect([numberOf(null), numberOf('12.50')]).toEqual([0, 12.5]));
it("a truth is PostgreSQL's t", () => expect([isTrue('t'), isTrue('f'), isTrue(null)]).toEqual([true, false, false]));
