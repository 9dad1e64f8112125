import { type TableName } from '@freshet/cache-keys';
import { CATALOG_SQL, parseCatalog } from '@freshet/footprint';
import { type Clock } from './ports.js';
import { type Source } from './source.js';
import { type StatementRegistry } from './statement-registry.js';
import { type EntryStore } from './store.js';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5000;

/**
 * Keeps the registry's catalogue in step with the log. The catalogue is read like an entry: its snapshot must see every transaction
 * that was applied when the version was read, or a column that is being added could be missed for ever.
 */
export class SchemaWatch {
  private running: Promise<void> | undefined;
  private failures = 0;

  constructor(
    private readonly ports: {
      store: EntryStore;
      source: Source;
      statements: StatementRegistry;
      clock: Pick<Clock, 'pause'>;
    },
    /** The publication that the connector reads. */
    private readonly publication: string,
  ) {}

  /**
   * Reads the catalogue if it is not being read already, after a pause that grows with each time it came to nothing: every read asks
   * for it while it is out of step. Resolves to nothing; the registry tells by its version.
   */
  refresh(): Promise<void> {
    this.running ??= this.attempt().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  private async attempt(): Promise<void> {
    if (this.failures > 0) await this.ports.clock.pause(pauseMs(this.failures));
    this.failures += 1;
    if (await this.load()) this.failures = 0;
  }

  private async load(): Promise<boolean> {
    const { store, source, statements } = this.ports;
    const { position, schemaVersion } = await store.position();
    const session = await source.open();
    try {
      const rows = await session.query({ name: 'catalog', text: CATALOG_SQL, values: [] });
      if (session.snapshot === undefined) return false;
      if ((await store.judge(session.snapshot, position)) !== 'stored') return false;
      const catalog = parseCatalog(
        rows.map((row) => ({ catalog: row['catalog'] ?? 'null' })),
        this.publication,
      );
      const facts = new Map<TableName, string>(
        [...catalog.tables].map(([name, table]) => [name, JSON.stringify(table)]),
      );
      if (!(await store.putFacts(schemaVersion, facts))) return false;
      statements.load(catalog, schemaVersion);
      return true;
    } finally {
      void session.close();
    }
  }
}

function pauseMs(failures: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1));
}
