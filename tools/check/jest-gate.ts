import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Gate, runProgram } from './gate.js';

interface JestResults {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numFailedTestSuites: number;
  readonly numRuntimeErrorTestSuites: number;
}

/** All tests of one kind, each counted. A test that is skipped counts as failed: it would hide what it does not check. */
export function jestGate(name: string, kind: 'unit' | 'int' | 'e2e', env: NodeJS.ProcessEnv = {}): Gate {
  return {
    name,
    async run() {
      const folder = await mkdtemp(join(tmpdir(), 'freshet-jest-'));
      const file = join(folder, 'results.json');
      // A client that a failed test left open must not keep the whole check from ending, nor a busy machine fail a test that is only slow.
      const serial = kind === 'unit' ? [] : ['--runInBand', '--forceExit', '--testTimeout=60000'];
      const args = [
        'jest',
        '--config',
        'jest.config.cjs',
        '--selectProjects',
        kind,
        ...serial,
        '--json',
        '--outputFile',
        file,
      ];
      const { output } = await runProgram('npx', args, env);
      const results = await readFile(file, 'utf8')
        .then((text) => JSON.parse(text) as JestResults)
        .catch(() => undefined);
      await rm(folder, { recursive: true, force: true });
      if (results === undefined) return { passed: 0, failed: 1, report: output };
      const failed = results.numFailedTests + results.numPendingTests + results.numRuntimeErrorTestSuites;
      return { passed: results.numPassedTests, failed, ...(failed > 0 ? { report: withoutJson(output) } : {}) };
    },
  };
}

function withoutJson(output: string): string {
  return output
    .split('\n')
    .filter((line) => !line.startsWith('{"num'))
    .join('\n');
}
