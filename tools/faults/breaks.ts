import type { DeploymentOptions } from './deployment.js';

const BROKEN_INVALIDATOR = ['tools/run.mjs', 'apps/invalidator/test/broken-main.ts'];

/** A deployment that breaks a rule, and the faults under which that shows soonest. */
export interface Broken extends DeploymentOptions {
  readonly shownBy?: string;
}

/** Rules of the protocol that can be switched off, to see that the suite notices. */
const BREAKS: Readonly<Record<string, Broken>> = {
  'no-delete': { ...invalidatorWithout('no-delete'), shownBy: 'replay' },
  'no-fence': { ...invalidatorWithout('no-fence'), shownBy: 'visible late' },
  'no-leases': { ...invalidatorWithout('no-leases'), shownBy: 'reader-postgres slow' },
  'no-truncate': { ...invalidatorWithout('no-truncate'), shownBy: 'replay' },
  'no-epoch': { ...invalidatorWithout('no-epoch'), shownBy: 'cut off' },
  'no-gate': { 'read-api': { env: { MAX_STALENESS: '1h' } }, shownBy: 'freeze connect' },
};

/** @throws where there is no such rule. */
export function breaks(rule: string): Broken {
  const broken = BREAKS[rule];
  if (broken === undefined) throw new Error(`--break expects one of ${Object.keys(BREAKS).join(', ')}`);
  return broken;
}

function invalidatorWithout(rule: string): Broken {
  return { invalidator: { program: BROKEN_INVALIDATOR, env: { FRESHET_BROKEN_RULE: rule } } };
}
