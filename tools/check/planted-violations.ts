import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Gate, runProgram } from './gate.js';

interface Violation {
  readonly file: string;
  readonly source: string;
  /** The rule that must refuse it. */
  readonly rule: string;
}

const BOUNDARY = '@nx/enforce-module-boundaries';

/** One violation of each import and purity rule. A rule that lets its violation pass is switched off without anyone noticing. */
const violations: readonly Violation[] = [
  imports('libs/cache-keys', '@freshet/row-change'),
  imports('libs/row-change', 'lru-cache'),
  imports('libs/footprint', '@freshet/cache-engine'),
  imports('libs/footprint', 'pg'),
  imports('libs/cache-engine', '@freshet/redis-store'),
  imports('libs/cache-engine', 'ioredis'),
  imports('libs/redis-store', '@freshet/service-kit'),
  imports('apps/read-api', 'kafkajs'),
  imports('apps/invalidator', 'pg'),
  { file: 'apps/read-api/src/planted-app.ts', source: "import '../../invalidator/src/main.js';\n", rule: BOUNDARY },
  {
    file: 'libs/cache-engine/src/planted-clock.ts',
    source: 'export const now = Date.now();\n',
    rule: 'no-restricted-properties',
  },
  {
    file: 'libs/cache-engine/src/planted-env.ts',
    source: "export const e = process.env['X'];\n",
    rule: 'no-restricted-globals',
  },
  { file: 'libs/footprint/src/planted-io.ts', source: "import 'node:fs';\n", rule: 'no-restricted-imports' },
];

function imports(project: string, target: string): Violation {
  const file = `${project}/src/planted-${target.replace(/\W+/g, '-')}.ts`;
  return { file, source: `import * as target from '${target}';\n\nexport const planted = target;\n`, rule: BOUNDARY };
}

/** Plants all of them in a copy of the workspace and expects each to be refused by the rule that is there for it. */
export const plantedViolations: Gate = {
  name: 'planted violations are refused',
  async run() {
    const copy = await mkdtemp(join(tmpdir(), 'freshet-planted-'));
    try {
      await copyWorkspace(copy);
      for (const { file, source } of violations) await writeFile(join(copy, file), source);
      const env = { NX_DAEMON: 'false', FORCE_COLOR: '1' };
      // The boundary rule knows the projects by a graph that Nx has made before.
      await runProgram('npx', ['nx', 'show', 'projects'], env, copy);
      const { output } = await runProgram('npx', ['eslint', ...violations.map(({ file }) => file)], env, copy);
      const passed = violations.filter((violation) => refused(output, violation));
      const missed = violations
        .filter((violation) => !passed.includes(violation))
        .map(({ file, rule }) => `${file}: not refused by ${rule}`);
      return {
        passed: passed.length,
        failed: missed.length,
        ...(missed.length > 0 ? { report: [...missed, output].join('\n') } : {}),
      };
    } finally {
      await rm(copy, { recursive: true, force: true });
    }
  },
};

async function copyWorkspace(copy: string): Promise<void> {
  const { output } = await runProgram('git', ['ls-files', '--cached', '--others', '--exclude-standard']);
  const wanted = output
    .split('\n')
    .filter((file) => /\.(ts|mjs|cjs|json)$|^\.nxignore$/.test(file) && !file.startsWith('tools/parity/data'));
  for (const file of wanted) await cp(file, join(copy, file)).catch(() => undefined);
  await symlink(resolve('node_modules'), join(copy, 'node_modules'));
}

/** ESLint underlines the name of each file: the block from one such name to the next holds what was found there. */
const UNDERLINE = '\u001b[4m';

function refused(output: string, { file, rule }: Violation): boolean {
  const blocks = output.split(UNDERLINE).filter((block) => block.split('\n', 1)[0]?.includes(`/${file}`));
  return blocks.some((block) => block.includes(rule));
}
