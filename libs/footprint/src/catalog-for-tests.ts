import type { Catalog } from './catalog.js';
import { parseCatalog } from './parse-catalog.js';

/** `id int4 key, name text` as a table of a small catalogue; everything published, whole before images unless said otherwise. */
export function catalogOf(tables: Readonly<Record<string, string>>, identity: 'f' | 'd' | 'n' = 'f'): Catalog {
  const functions = [
    ['count', 0, 1, 'i', true], ['sum', 1, 1, 'i', true], ['lower', 1, 1, 'i', false], ['length', 1, 1, 'i', false], ['coalesce', 1, 9, 'i', false],
    ['now', 0, 0, 's', false], ['random', 0, 0, 'v', false], ['abs', 1, 1, 'i', false], ['similar_to_escape', 1, 2, 'i', false], ['row_number', 0, 0, 'i', false], ['md5', 1, 1, 'i', false], ['to_char', 2, 2, 's', false],
  ] as const; // prettier-ignore
  const raw = {
    searchPath: ['pg_catalog', 'public'],
    database: ['c', 'en_US.UTF-8', 'en_US.UTF-8', 'UTF8'],
    timeZone: 'UTC',
    operators: [],
    casts: [],
    settings: { DateStyle: 'ISO, MDY', transform_null_equals: 'off', standard_conforming_strings: 'on' },
    enums: {},
    functions: functions.map(([name, min, max, volatility, aggregate]) => [
      'pg_catalog',
      name,
      min,
      max,
      volatility,
      aggregate,
      false,
      true,
      'internal',
      null,
    ]),
    tables: Object.entries(tables).map(([table, columns]) => {
      const list = columns.split(', ').map((c) => c.split(' '));
      return {
        schema: 'public', table, kind: 'r', persistence: 'p', identity, rowSecurity: false, identityIndex: [], parents: [], publications: [['p', false]],
        definition: null, primaryKey: list.filter((c) => c.includes('key')).map((c) => c[0]),
        columns: list.map((c) => [c[0], c[1], -1, c.includes('key'), 'd', null]),
      }; // prettier-ignore
    }),
  };
  return parseCatalog([{ catalog: JSON.stringify(raw) }]);
}
