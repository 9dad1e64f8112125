import { same } from './foresight.js';
import { type SourceRow, type SourceSession, type Statement } from './source.js';

/** Statements that were sent before anybody asked them. The rows wait here for whoever does; of the others nobody hears. */
export class SentAhead {
  private readonly sent: { readonly statement: Statement; readonly rows: Promise<readonly SourceRow[]> }[] = [];

  send(session: SourceSession, statements: readonly Statement[]): void {
    for (const statement of statements) {
      const rows = session.query(statement);
      rows.catch(() => undefined);
      this.sent.push({ statement, rows });
    }
  }

  rowsOf(asked: Statement): Promise<readonly SourceRow[]> | undefined {
    return this.sent.find(({ statement }) => same(statement, asked))?.rows;
  }
}
