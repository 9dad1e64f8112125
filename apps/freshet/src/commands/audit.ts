import { setTimeout as pause } from 'node:timers/promises';
import { addressOf, viewAddresses, type ViewAddress } from '../audit/address.js';
import { auditOne } from '../audit/audit.js';
import { Budget } from '../audit/budget.js';
import { Candidates } from '../audit/candidates.js';
import { ninesOf, type Finding, type Nines } from '../audit/nines.js';
import { Observer } from '../audit/observer.js';
import { OperatorError } from '../errors.js';
import { databaseReads, parseSamples } from '../metrics.js';
import { durationText, type Say } from '../output.js';
import { withStore } from '../sites.js';
import { fetchText } from '../web.js';

const AGAIN_MS = 5000;

export interface AuditOptions {
  /** Base URL of the read API. */
  readonly readApi: string;
  readonly samples: number;
  /** Looks a second at most. */
  readonly rate: number;
  /** Of the read API's reads of the database, those that the audit may cause. */
  readonly share?: number;
  /** Where all processes of the read API count their reads; by default the one that is asked. */
  readonly metrics: readonly string[];
  /** Audits again and again, until it is ended. */
  readonly forever: boolean;
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
    const budget = budgetOf(options, observer);
    const round = async (): Promise<boolean> => {
      const findings = await collect(candidates, { ...options, observer, views, budget, say });
      const all = budget === undefined ? '' : ` of ${budget.allReads}`;
      report(findings, `${observer.loads}${all} reads of the database`, say);
      return findings.every((finding) => finding.kind === 'right');
    };
    try {
      while (options.forever) await round().catch((error: unknown) => sayAndWait(error, say));
      return await round();
    } finally {
      candidates.close();
    }
  });
}

/** Whoever audits for ever outlives a read API or a Redis that is away for a while. */
async function sayAndWait(error: unknown, say: Say): Promise<void> {
  say(error instanceof Error ? error.message : String(error));
  await pause(AGAIN_MS);
}

function budgetOf({ share, metrics, readApi }: AuditOptions, observer: Observer): Budget | undefined {
  if (share === undefined) return undefined;
  const urls = metrics.length > 0 ? metrics : [new URL('/metrics', readApi).href];
  const allReads = async (): Promise<number> => {
    const texts = await Promise.all(urls.map(fetchText));
    return texts.reduce((sum, text) => sum + databaseReads(parseSamples(text)), 0);
  };
  return new Budget({ share, allReads, ownReads: () => observer.loads, pause });
}

interface Collection extends AuditOptions {
  readonly budget: Budget | undefined;
  readonly observer: Observer;
  readonly views: ReadonlyMap<string, ViewAddress>;
  readonly say: Say;
}

/** Suspects are watched beside the further samples, so that one does not hold up the rest. */
async function collect(candidates: Candidates, options: Collection): Promise<Finding[]> {
  const { samples, rate, observer, views, budget, say } = options;
  const open: Promise<Finding | undefined>[] = [];
  for (let i = 0; i < samples; i++) {
    const key = await candidates.next();
    if (key === undefined) break;
    const address = addressOf(key, views);
    if (address === undefined) continue;
    await budget?.allowance();
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

function report(findings: readonly Finding[], cost: string, say: Say): void {
  if (findings.length === 0) throw new OperatorError('no entry could be audited: nothing that was asked for was a hit');
  say(`${findings.length} answers audited, with ${cost}`);
  for (const nines of ninesOf(findings)) say(line(nines));
}

function line({ scaleMs, right, total, nines }: Nines): string {
  const share = Number.isFinite(nines) ? `${nines} nines` : 'none was wrong';
  return `right within ${durationText(scaleMs)}: ${right} of ${total} (${share})`;
}
