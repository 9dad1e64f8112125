/** What a TTL is looked up by: the five models of the billing application, and everything else. */
export type Model = 'Business' | 'Customer' | 'Product' | 'Invoice' | 'LineItem' | 'default';
export type Environment = 'development' | 'production';
export type TtlTable = Readonly<Record<Model, number>>;

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** Seconds. TTLs bound memory; freshness never depends on them. */
export const ttlTables: Readonly<Record<Environment, TtlTable>> = {
  development: {
    Business: HOUR,
    Customer: 30 * MINUTE,
    Product: HOUR,
    Invoice: 15 * MINUTE,
    LineItem: 15 * MINUTE,
    default: 15 * MINUTE,
  },
  production: {
    Business: 2 * HOUR,
    Customer: HOUR,
    Product: 2 * HOUR,
    Invoice: 30 * MINUTE,
    LineItem: 30 * MINUTE,
    default: 15 * MINUTE,
  },
};

/** An entry over several models lives as long as the shortest-lived of them. */
export function ttlSeconds(table: TtlTable, models: readonly Model[]): number {
  return models.length === 0 ? table.default : Math.min(...models.map((model) => table[model]));
}
