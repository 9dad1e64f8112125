import { startStack } from '../stack/stack.js';

const DIR = '.stack-test';
const PORTS_FROM = 21_432;

/**
 * Runs the work beside a stack of the tests' own, which is thrown away afterwards. The variables tell integration tests which servers to
 * use and whole-stack tests which stack.
 */
export async function withTestStack<T>(work: (env: NodeJS.ProcessEnv) => Promise<T>): Promise<T> {
  const stack = await startStack({ dir: DIR, portsFrom: PORTS_FROM });
  try {
    const { ports } = stack;
    return await work({
      FRESHET_TEST_POSTGRES_URL: `postgres://postgres@127.0.0.1:${ports.postgres}/postgres`,
      FRESHET_TEST_REDIS_PORT: String(ports.redis),
      FRESHET_TEST_KAFKA_BROKER: stack.kafkaBroker,
      FRESHET_STACK_DIR: stack.dir,
      FRESHET_STACK_PORTS_FROM: String(PORTS_FROM),
    });
  } finally {
    await stack.discard();
  }
}
