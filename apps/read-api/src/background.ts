import { type SchemaWatch, type StatementRegistry } from '@freshet/cache-engine';
import { type Logger } from '@freshet/service-kit';
import { type DatabaseClock } from './postgres/database-clock.js';

const EVERY_MS = 10_000;
const FIRST_TRIES = 3;

interface BackgroundParts {
  readonly clock: DatabaseClock;
  readonly schema: SchemaWatch;
  readonly statements: StatementRegistry;
  readonly logger: Logger;
}

/** What goes on beside the requests: the database's clock is compared with ours, and the catalogue kept in step with the schema. */
export class Background {
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly parts: BackgroundParts) {}

  /** Both are tried before the first request; while either is missing, reads go past the cache. */
  async start(): Promise<void> {
    this.timer = setInterval(() => void this.tick(), EVERY_MS).unref();
    await this.compareClocks();
    for (let tries = 0; tries < FIRST_TRIES && this.lacksCatalogue; tries++) await this.readCatalogue();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** The store knows of a schema change that this process has not seen. */
  schemaMoved(): void {
    void this.readCatalogue();
  }

  private get lacksCatalogue(): boolean {
    return this.parts.statements.schemaVersion === undefined;
  }

  private async tick(): Promise<void> {
    await this.compareClocks();
    if (this.lacksCatalogue) await this.readCatalogue();
  }

  private async compareClocks(): Promise<void> {
    const { clock, logger } = this.parts;
    await clock.refresh().catch((err: unknown) => logger.warn({ err }, 'cannot read the database clock'));
  }

  private async readCatalogue(): Promise<void> {
    const { schema, logger } = this.parts;
    await schema.refresh().catch((err: unknown) => logger.warn({ err }, 'cannot read the catalogue'));
  }
}
