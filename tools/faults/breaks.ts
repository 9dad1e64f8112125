import type { DeploymentOptions } from './deployment.js';

/** Rules of the protocol that can be switched off, to see that the suite notices. Each names what its absence breaks. */
export const RULES = ['no-delete', 'no-fence', 'no-leases', 'no-truncate', 'no-epoch', 'no-gate'] as const;

const BROKEN_INVALIDATOR = ['tools/run.mjs', 'apps/invalidator/test/broken-main.ts'];

/** The deployment without that rule. */
export function breaks(rule: string): DeploymentOptions {
  if (!RULES.some((known) => known === rule)) throw new Error(`--break expects one of ${RULES.join(', ')}`);
  if (rule === 'no-gate') return { readApi: { env: { MAX_STALENESS: '1h' } } };
  return { invalidator: { program: BROKEN_INVALIDATOR, env: { FRESHET_BROKEN_RULE: rule } } };
}
