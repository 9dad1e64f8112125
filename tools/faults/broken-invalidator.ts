// node tools/run.mjs tools/faults/broken-invalidator.ts
// The invalidator without one of its rules, named by FRESHET_BROKEN_RULE: what the fault suite must be able to notice.
import 'reflect-metadata';
import type { ChangeStore } from '@freshet/cache-engine';
import { parseEnvironment } from '@freshet/service-kit';
import { sections } from '../../apps/invalidator/src/environment.js';
import { start } from '../../apps/invalidator/src/start.js';
import type { Rule } from './breaks.js';

type Broken = (store: ChangeStore) => Partial<ChangeStore>;

const BROKEN: Readonly<Record<Exclude<Rule, 'no-gate'>, Broken>> = {
  'no-delete': () => ({ remove: async () => 0 }),
  'no-fence': (store) => ({ fence: (_xids, stream) => store.fence([], stream) }),
  'no-leases': (store) => ({
    standings: async (keys) =>
      (await store.standings(keys)).map((standing) => (standing.kind === 'lease' ? { kind: 'gone' } : standing)),
  }),
  'no-truncate': () => ({ tagsOf: async function* () {} }),
  'no-epoch': () => ({ raiseEpoch: async () => 0 }),
};

const rule = process.env['FRESHET_BROKEN_RULE'] as keyof typeof BROKEN;
const result = parseEnvironment(sections, process.env);
if (!result.ok) throw new Error(result.lines.join('\n'));

void start(result.environment, () => process.exit(1), {
  wrapStore: (store) => {
    const broken = BROKEN[rule](store);
    return new Proxy(store, {
      get: (target, name) => {
        const value: unknown = Reflect.get(broken, name) ?? Reflect.get(target, name);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  },
});
