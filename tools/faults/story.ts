import type { Address } from './addresses.js';
import type { Violation } from './judge.js';
import type { Lost } from './quiet-check.js';
import type { Answer } from './reader.js';
import type { RowHistory, Version } from './row-history.js';

const LAST = 15;

/** What happened, for whoever has to find out why. */
export class Story {
  private readonly lines: { readonly atMs: number; readonly text: string }[] = [];

  note(text: string): void {
    this.lines.push({ atMs: Date.now(), text });
  }

  /** The events since that moment, oldest first. */
  since(atMs: number): string[] {
    return this.lines.filter((line) => line.atMs >= atMs).map(({ atMs: at, text }) => `  ${time(at)}  ${text}`);
  }

  ofViolation({ claim, promise, needed, shown }: Violation, address: Address, answer: Answer): string {
    return [
      `STALE ${address.path} said "${claim.said}" of ${claim.row.name} (${answer.cache}, etag ${answer.etag})`,
      `  promise: ${promise}; needed v${needed}, shown ${shown === undefined ? 'none that ever was' : `v${shown}`}`,
      ...this.around(claim.row),
    ].join('\n');
  }

  ofLost({ address, cached, fresh }: Lost): string {
    return [
      `LOST ${address.path}: the cache still says, with nothing left to apply (${cached.cache}, etag ${cached.etag}):`,
      `  ${cached.body.slice(0, 1500)}`,
      'and the database says:',
      `  ${fresh.body.slice(0, 1500)}`,
      ...address.rows.slice(0, 1).flatMap((row) => this.around(row)),
    ].join('\n');
  }

  /** The parts did not come back, or the log was not applied to its end. */
  ofTrouble(error: unknown): string {
    const cause = error instanceof Error && error.cause instanceof Error ? `\n  because: ${error.cause.message}` : '';
    return [`LOST ${String(error)}${cause}`, 'events:', ...this.since(Date.now() - 300_000)].join('\n');
  }

  private around(row: RowHistory): string[] {
    const versions = row.versions.slice(-LAST);
    const since = (versions[0]?.beganMs ?? 0) - 30_000;
    return [
      `versions of ${row.name}:`,
      ...versions.map(versionText),
      'events:',
      ...this.since(since),
      `now ${time(Date.now())}`,
    ];
  }
}

function versionText({ number, deed, xid, fate, beganMs, ackedMs, appliedMs, face }: Version): string {
  const times = `began ${time(beganMs)}, acknowledged ${time(ackedMs)}, applied ${time(appliedMs)}`;
  return `  v${number} ${deed} xid ${xid ?? '-'} ${fate}: ${times}; ${JSON.stringify(face)}`;
}

export function time(atMs: number | undefined): string {
  return atMs === undefined ? '-' : new Date(atMs).toISOString().slice(11, 23);
}
