import { same } from './foresight.js';
import { type SourceRow, type SourceSession, type Statement } from './source.js';

interface Sent {
  readonly statement: Statement;
  readonly rows: Promise<readonly SourceRow[]>;
  asked: boolean;
  failed: boolean;
}

/** Statements that were sent before anybody asked them. The rows wait here for whoever does; of the others nobody hears. */
export class SentAhead {
  private readonly sent: Sent[] = [];

  send(session: SourceSession, statements: readonly Statement[]): void {
    for (const statement of statements) {
      const one: Sent = { statement, rows: session.query(statement), asked: false, failed: false };
      one.rows.catch(() => void (one.failed = true));
      this.sent.push(one);
    }
  }

  rowsOf(asked: Statement): Promise<readonly SourceRow[]> | undefined {
    const one = this.sent.find(({ statement }) => same(statement, asked));
    if (one !== undefined) one.asked = true;
    return one?.rows;
  }

  /** Whether something failed that nobody asked: a session fails as a whole, so what was asked may have failed by it. */
  get spoiled(): boolean {
    return this.sent.some(({ asked, failed }) => failed && !asked);
  }
}
