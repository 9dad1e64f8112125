import 'reflect-metadata';
import { type ChangeStore } from '@freshet/cache-engine';
import { parseEnvironment } from '@freshet/service-kit';
import { sections } from '../src/environment.js';
import { start } from '../src/start.js';

/** The invalidator, killed as by `kill -9` just before its n-th step on the store (CRASH_AT). */
const crashAt = Number(process.env['CRASH_AT']);
let steps = 0;

function crashing(store: ChangeStore): ChangeStore {
  return new Proxy(store, {
    get(target, name): unknown {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]): unknown => {
        steps += 1;
        if (steps < crashAt) return Reflect.apply(member, target, args);
        process.kill(process.pid, 'SIGKILL');
        throw new Error(`killed before ${String(name)}`);
      };
    },
  });
}

const result = parseEnvironment(sections, process.env);
if (!result.ok) throw new Error(result.lines.join('\n'));
void start(result.environment, () => process.exit(1), { wrapStore: crashing });
