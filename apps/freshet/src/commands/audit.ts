import { setTimeout as pause } from 'node:timers/promises';
import { addressOf, viewAddresses, type ViewAddress } from '../audit/address.js';
import { auditOne } from '../audit/audit.js';
import { Candidates } from '../audit/candidates.js';
import { ninesOf, type Finding, type Nines } from '../audit/nines.js';
import { Observer } from '../audit/observer.js';
import { OperatorError } from '../errors.js';
import { durationText, type Say } from '../output.js';
import { withStore } from '../sites.js';

export interface AuditOptions {
  /** Base URL of the read API. */
  readonly readApi: string;
  readonly samples: number;
  /** Looks a second: each reads the database once. */
  readonly rate: number;
}

/** Compares answers from the cache with what the database says. Resolves to whether all were right. */
export function audit(env: NodeJS.ProcessEnv, options: AuditOptions, say: Say): Promise<boolean> {
  const authorization = env['FRESHET_AUTHORIZATION'] ?? '';
  if (authorization === '') {
    throw new OperatorError('FRESHET_AUTHORIZATION is required: the value of an Authorization header, of an admin');
  }
  return withStore(env, async (redis) => {
    const observer = new Observer(options.readApi, authorization);
    const views = viewAddresses(await observer.description());
    const candidates = await Candidates.of(redis);
    const findings = await collect(candidates, { ...options, observer, views, say });
    report(findings, observer.loads, say);
    return findings.every((finding) => finding.kind === 'right');
  });
}

interface Collection extends AuditOptions {
  readonly observer: Observer;
  readonly views: ReadonlyMap<string, ViewAddress>;
  readonly say: Say;
}

/** Suspects are watched beside the further samples, so that one does not hold up the rest. */
async function collect(candidates: Candidates, options: Collection): Promise<Finding[]> {
  const { samples, rate, observer, views, say } = options;
  const open: Promise<Finding | undefined>[] = [];
  for (let i = 0; i < samples; i++) {
    const key = await candidates.next();
    if (key === undefined) break;
    const address = addressOf(key, views);
    if (address === undefined) continue;
    open.push(
      auditOne(address, {
        look: (at) => observer.look(at),
        pause,
        onWrong: (at, afterMs) => say(`${at} is still wrong after ${durationText(afterMs)}`),
      }),
    );
    await pause(1000 / rate);
  }
  return (await Promise.all(open)).filter((finding) => finding !== undefined);
}

function report(findings: readonly Finding[], loads: number, say: Say): void {
  if (findings.length === 0) throw new OperatorError('no entry could be audited: nothing that was asked for was a hit');
  say(`${findings.length} answers audited, with ${loads} reads of the database`);
  for (const nines of ninesOf(findings)) say(line(nines));
}

function line({ scaleMs, right, total, nines }: Nines): string {
  const share = Number.isFinite(nines) ? `${nines} nines` : 'none was wrong';
  return `right within ${durationText(scaleMs)}: ${right} of ${total} (${share})`;
}
