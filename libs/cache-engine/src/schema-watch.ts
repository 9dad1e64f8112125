import { type TableName } from '@freshet/cache-keys';
import { CATALOG_SQL, parseCatalog } from '@freshet/footprint';
import { type Source } from './source.js';
import { type StatementRegistry } from './statement-registry.js';
import { type EntryStore } from './store.js';

/**
 * Keeps the registry's catalogue in step with the log. The catalogue is read like an entry: its snapshot must see every transaction
 * that was applied when the version was read, or a column that is being added could be missed for ever.
 */
export class SchemaWatch {
  private running: Promise<void> | undefined;

  constructor(
    private readonly ports: { store: EntryStore; source: Source; statements: StatementRegistry },
    /** The publication that the connector reads. */
    private readonly publication: string,
  ) {}

  /** Reads the catalogue if it is not being read already. Resolves to nothing; the registry tells by its version. */
  refresh(): Promise<void> {
    this.running ??= this.load().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  private async load(): Promise<void> {
    const { store, source, statements } = this.ports;
    const { position, schemaVersion } = await store.position();
    const session = await source.open();
    try {
      if (session.snapshot === undefined) return;
      const rows = await session.query({ name: 'catalog', text: CATALOG_SQL, values: [] });
      if ((await store.judge(session.snapshot, position)) !== 'stored') return;
      const catalog = parseCatalog(
        rows.map((row) => ({ catalog: row['catalog'] ?? 'null' })),
        this.publication,
      );
      const facts = new Map<TableName, string>(
        [...catalog.tables].map(([name, table]) => [name, JSON.stringify(table)]),
      );
      if (await store.putFacts(schemaVersion, facts)) statements.load(catalog, schemaVersion);
    } finally {
      void session.close();
    }
  }
}
