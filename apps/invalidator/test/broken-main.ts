// node tools/run.mjs apps/invalidator/test/broken-main.ts
// The invalidator without one of its rules, named by FRESHET_BROKEN_RULE: what the fault suite must be able to notice.
import 'reflect-metadata';
import type { ChangeStore } from '@freshet/cache-engine';
import { parseEnvironment } from '@freshet/service-kit';
import { sections } from '../src/environment.js';
import { start } from '../src/start.js';

type Broken = (store: ChangeStore) => Partial<ChangeStore>;

const BROKEN: Readonly<Record<string, Broken>> = {
  'no-delete': (store) => ({ remove: async (_keys, listings = new Map()) => store.drop(listings).then(() => 0) }),
  'no-fence': (store) => ({ fence: (_xids, stream) => store.fence([], stream) }),
  'no-leases': (store) => ({
    remove: async (keys, listings) => {
      const standings = await store.standings(keys);
      return store.remove(
        keys.filter((_, i) => standings[i]?.kind !== 'lease'),
        listings,
      );
    },
  }),
  'no-truncate': (store) => ({ tagsOf: () => store.members([]) as never }),
  'no-epoch': () => ({ raiseEpoch: async () => 0 }),
};

const broken = BROKEN[process.env['FRESHET_BROKEN_RULE'] ?? ''];
if (broken === undefined) throw new Error(`FRESHET_BROKEN_RULE must be one of ${Object.keys(BROKEN).join(', ')}`);
const result = parseEnvironment(sections, process.env);
if (!result.ok) throw new Error(result.lines.join('\n'));

void start(result.environment, () => process.exit(1), {
  wrapStore: (store) => {
    const without = broken(store);
    return new Proxy(store, {
      get: (target, name) => {
        const value: unknown = Reflect.get(without, name) ?? Reflect.get(target, name);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  },
});
