import {
  cacheKey,
  canonicalParams,
  parseScheme,
  schemeText,
  type Scheme,
  statementId,
  tableName,
  tag,
  ttlSeconds,
  ttlTables,
  viewOfKey,
} from './index.js';

const invoice = tableName('public', 'billing_invoice');
const by = (column: string): Scheme['parts'][number] => ({ column, keying: { kind: 'value' } });

describe('names of tables', () => {
  it('leave out the schema public and no other', () => {
    expect(tableName('public', 'billing_invoice')).toBe('billing_invoice');
    expect(tableName('archive', 'billing_invoice')).toBe('archive.billing_invoice');
  });

  it('never collide, whatever characters the names hold', () => {
    const names = [
      tableName('a.b', 'c'),
      tableName('a', 'b.c'),
      tableName('public', 'a.b.c'),
      tableName('a:b', 'c'),
      tableName('a', 'b:c'),
    ];
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).not.toContain(':');
  });
});

describe('tags', () => {
  it('read like what they stand for', () => {
    expect(tag({ table: invoice, parts: [by('business_id')] }, ['5'])).toBe('t:billing_invoice:business_id=5');
    expect(tag({ table: invoice, parts: [] }, [])).toBe('t:billing_invoice:');
  });

  it('tell NULL, the empty text and a tilde apart', () => {
    const scheme = { table: invoice, parts: [by('eway')] };
    const tags = [tag(scheme, [null]), tag(scheme, ['']), tag(scheme, ['~'])];
    expect(new Set(tags).size).toBe(3);
  });

  it('keep values apart that hold the signs of a key', () => {
    const scheme = { table: invoice, parts: [by('a'), by('b')] };
    expect(tag(scheme, ['1&b=2', '3'])).not.toBe(tag(scheme, ['1', '2&b=3']));
  });

  it('store a long value by its digest', () => {
    const scheme = { table: invoice, parts: [by('name')] };
    const [long, longer] = [tag(scheme, ['x'.repeat(100)]), tag(scheme, ['x'.repeat(101)])];
    expect(long.length).toBeLessThan(100);
    expect(long).not.toBe(longer);
  });

  it('take one value for each part', () => {
    expect(() => tag({ table: invoice, parts: [by('a')] }, [])).toThrow(RangeError);
  });
});

describe('schemes', () => {
  it('survive being written and read again', () => {
    const scheme: Scheme = {
      table: invoice,
      parts: [
        by('we&ird/col^umn'),
        { column: 'invoice_date', keying: { kind: 'bucket', level: 5 } },
        { column: 'name', keying: { kind: 'prefix', length: 3 } },
        { column: 'wei~rd', keying: { kind: 'span', level: 12 } },
      ],
    };
    expect(parseScheme(invoice, schemeText(scheme))).toEqual(scheme);
    expect(parseScheme(invoice, schemeText({ table: invoice, parts: [] }))).toEqual({ table: invoice, parts: [] });
  });

  it('of a later version are not guessed at', () => {
    expect(parseScheme(invoice, 'a//b')).toBeUndefined();
  });
});

describe('keys of entries', () => {
  it('are the same for the same parameters in any order, and leave out absent ones', () => {
    expect(cacheKey('invoice.list', 'v1', { page: 2, business_id: '5', search: undefined })).toBe(
      'e:invoice.list@v1:business_id=5&page=2',
    );
    expect(canonicalParams({ b: 1, a: null })).toBe(canonicalParams({ a: null, b: 1 }));
  });

  it('stay short', () => {
    expect(cacheKey('invoice.list', 'v1', { search: 'x'.repeat(5000) }).length).toBeLessThan(100);
  });

  it('name their view', () => {
    expect(viewOfKey(cacheKey('invoice.list', 'v1', {}))).toBe('invoice.list');
    expect(viewOfKey('t:billing_invoice:')).toBeUndefined();
  });

  it('of statements change with what they mean', () => {
    expect(statementId('a', 'x')).not.toBe(statementId('a', 'y'));
    expect(statementId('a', 'x')).toBe(statementId('a', 'x'));
  });
});

describe('TTLs', () => {
  it.each([
    ['Business', 3600, 7200],
    ['Customer', 1800, 3600],
    ['Product', 3600, 7200],
    ['Invoice', 900, 1800],
    ['LineItem', 900, 1800],
    ['default', 900, 900],
  ] as const)('of %s are %d s in development and %d s in production', (model, development, production) => {
    expect([ttlTables.development[model], ttlTables.production[model]]).toEqual([development, production]);
  });

  it('of several models are the shortest of them', () => {
    expect(ttlSeconds(ttlTables.production, ['Business', 'Invoice', 'Customer'])).toBe(1800);
    expect(ttlSeconds(ttlTables.production, [])).toBe(900);
  });
});
