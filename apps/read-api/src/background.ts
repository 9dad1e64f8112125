import { type SchemaWatch } from '@freshet/cache-engine';
import { type Logger } from '@freshet/service-kit';
import { type DatabaseClock } from './postgres/database-clock.js';

const CLOCK_EVERY_MS = 10_000;

/** What goes on beside the requests: the database's clock is compared with ours, and the catalogue kept in step with the schema. */
export class Background {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly clock: DatabaseClock,
    private readonly schema: SchemaWatch,
    private readonly logger: Logger,
  ) {}

  /** Both are tried before the first request; while either is missing, reads go past the cache. */
  async start(): Promise<void> {
    this.timer = setInterval(() => void this.compareClocks(), CLOCK_EVERY_MS).unref();
    await Promise.all([this.compareClocks(), this.readCatalogue()]);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** The store knows of a schema change that this process has not seen. */
  schemaMoved(): void {
    void this.readCatalogue();
  }

  private async compareClocks(): Promise<void> {
    await this.clock.refresh().catch((err: unknown) => this.logger.warn({ err }, 'cannot read the database clock'));
  }

  private async readCatalogue(): Promise<void> {
    await this.schema.refresh().catch((err: unknown) => this.logger.warn({ err }, 'cannot read the catalogue'));
  }
}
