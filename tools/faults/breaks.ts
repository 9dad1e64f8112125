import type { DeploymentOptions } from './deployment.js';

const BROKEN_INVALIDATOR = ['tools/run.mjs', 'apps/invalidator/test/broken-main.ts'];

/** A deployment that breaks a rule, and how that shows soonest. */
export interface Broken {
  readonly deployment: DeploymentOptions;
  /** In the names of the faults that show it. */
  readonly shownBy: string;
  /** The freshness gate must not hide what a broken rule lets through. */
  readonly maxStalenessMs: number;
}

/** Rules of the protocol that can be switched off, to see that the suite notices. */
const BREAKS: Readonly<Record<string, Broken>> = {
  'no-delete': invalidatorWithout('no-delete', 'replay'),
  'no-fence': invalidatorWithout('no-fence', 'visible late'),
  'no-leases': invalidatorWithout('no-leases', 'reader-postgres late'),
  'no-truncate': invalidatorWithout('no-truncate', 'replay'),
  'no-epoch': invalidatorWithout('no-epoch', 'cut off'),
  'no-gate': {
    deployment: { 'read-api': { env: { MAX_STALENESS: '1h' } } },
    shownBy: 'freeze connect',
    maxStalenessMs: 5000,
  },
};

export const RULES = Object.keys(BREAKS);

/** @throws where there is no such rule. */
export function breaks(rule: string): Broken {
  const broken = BREAKS[rule];
  if (broken === undefined) throw new Error(`--break expects one of ${RULES.join(', ')}`);
  return broken;
}

function invalidatorWithout(rule: string, shownBy: string): Broken {
  const env = { FRESHET_BROKEN_RULE: rule };
  return { deployment: { invalidator: { program: BROKEN_INVALIDATOR, env } }, shownBy, maxStalenessMs: 600_000 };
}
