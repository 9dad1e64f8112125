import { type Gate, type GateResult, programGate } from './gate.js';
import { jestGate } from './jest-gate.js';
import { plantedViolations } from './planted-violations.js';
import { bundlesStart } from './bundles-start.js';
import { withTestStack } from './test-stack.js';

const nx = (...targets: string[]): string[] => [
  'nx',
  'run-many',
  '-t',
  ...targets,
  '--output-style=stream',
  '--parallel=2',
];
const NX = { NX_DAEMON: 'false' };

/** What the tests on real servers need. */
const first: readonly Gate[] = [
  programGate('formatting', 'npx', ['prettier', '--check', '.']),
  programGate('build', 'npx', nx('build'), NX),
  bundlesStart,
];

/** They look at the text, and need no server. */
const still: readonly Gate[] = [
  programGate('lint', 'npx', nx('lint'), NX),
  programGate('types', 'npx', nx('typecheck'), NX),
  programGate('no dead exports', 'npx', ['knip']),
  programGate('no cycles', 'npx', [
    'dpdm',
    '--no-tree',
    '--no-warning',
    '--exit-code',
    'circular:1',
    '--tsconfig',
    'tsconfig.base.json',
    '-T',
    'apps/*/src/main.ts',
    'libs/*/src/index.ts',
  ]),
  plantedViolations,
  jestGate('unit tests', 'unit'),
];

async function main(): Promise<void> {
  const before = await runInTurn(first);
  const beside = await withTestStack(async (env) => {
    // Tests on servers wait more than they work: the other gates go on beside them.
    const both = await Promise.all([runInTurn(still), runInTurn([jestGate('integration tests', 'int', env)])]);
    return [...both.flat(), ...(await runInTurn([jestGate('whole-stack tests', 'e2e', env)]))];
  });
  const results = [...before, ...beside];
  const sum = (of: (result: GateResult) => number): number => results.reduce((total, result) => total + of(result), 0);
  const failed = sum((result) => result.failed);
  console.log(`${sum((result) => result.passed)} passed, ${failed} failed`);
  process.exit(failed > 0 ? 1 : 0);
}

async function runInTurn(gates: readonly Gate[]): Promise<GateResult[]> {
  const results: GateResult[] = [];
  for (const gate of gates) results.push(await runGate(gate));
  return results;
}

async function runGate(gate: Gate): Promise<GateResult> {
  const began = Date.now();
  const result = await gate
    .run()
    .catch((error: unknown): GateResult => ({ passed: 0, failed: 1, report: String(error) }));
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  if (result.report !== undefined) console.log(result.report);
  console.log(
    `${result.failed > 0 ? 'FAILED' : 'ok'}  ${gate.name}: ${result.passed} of ${result.passed + result.failed} in ${seconds} s`,
  );
  return result;
}

main().catch((error: unknown) => {
  console.error(error);
  console.log('0 passed, 1 failed');
  process.exit(1);
});
