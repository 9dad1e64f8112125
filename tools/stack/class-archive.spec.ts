import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { classArchiveFlags } from './class-archive.js';

let shared: string;
let home: string;

beforeEach(async () => {
  shared = await mkdtemp(join(tmpdir(), 'class-archive-'));
  home = join(shared, 'kafka');
  await mkdir(home);
});

afterEach(() => rm(shared, { recursive: true }));

// Any program that tells its version will do for Java.
const flags = (lasting = true) => classArchiveFlags({ home, shared, java: process.execPath, lasting });

test('the first JVM that lasts leaves an archive, a short one does not', () => {
  expect(flags()).toEqual([`-XX:ArchiveClassesAtExit=${join(home, 'classes.jsa')}`]);
  expect(flags(false)).toEqual([]);
});

test('an archive that was left is shared with every stack of the machine, whatever kind of JVM starts next', async () => {
  await writeFile(join(home, 'classes.jsa'), 'classes');
  const [flag = ''] = flags();
  const archive = (await readdir(shared)).filter((name) => name.endsWith('.jsa'));
  expect(archive).toHaveLength(1);
  expect(flag).toBe(`-XX:SharedArchiveFile=${join(shared, archive[0] ?? '')}`);
  await rm(join(home, 'classes.jsa'));
  expect(flags(false)).toEqual([flag]);
});
