import { type ChangeStore } from '@freshet/cache-engine';

/**
 * Where to die, counted in calls of the store within one slice: before the n-th call; before the call of that name; or `published`:
 * right after the last one, before the offset is committed.
 */
export type CrashPoint = number | string;

/** A store before whose n-th call of a slice `die` is called. Every slice begins with the fence. */
export function crashingStore(store: ChangeStore, point: () => CrashPoint | undefined, die: () => void): ChangeStore {
  let step = 0;
  const before = (name: string): void => {
    step += 1;
    if (step === point() || name === point()) die();
  };
  const intercept = (name: string, method: (...args: unknown[]) => unknown) => {
    return (...args: unknown[]): unknown => {
      if (name === 'fence') step = 0;
      before(name);
      const answer = method.apply(store, args);
      if (name !== 'publish') return answer;
      return (answer as Promise<void>).then(() => point() === 'published' && die());
    };
  };
  return new Proxy(store, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? intercept(String(name), value as (...args: unknown[]) => unknown) : value;
    },
  });
}
