import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mediaFiles } from './media-files.js';

const base = mkdtempSync(join(tmpdir(), 'freshet-media-'));
const root = join(base, 'media');
mkdirSync(join(root, 'signatures'), { recursive: true });
writeFileSync(join(root, 'signatures/a b.png'), 'a signature');
writeFileSync(join(root, 'large.png'), Buffer.alloc(2 * 1024 * 1024 + 1));
mkdirSync(join(base, 'media-secrets'));
writeFileSync(join(base, 'media-secrets/key'), 'secret');
symlinkSync(join(base, 'media-secrets/key'), join(root, 'link.png'));
afterAll(() => rmSync(base, { recursive: true }));

test('a stored file is read', async () =>
  expect(await mediaFiles(root)('signatures/a b.png')).toEqual(Buffer.from('a signature')));

test.each(['../media-secrets/key', '/etc/hostname', 'link.png', 'signatures', 'missing.png', 'large.png', '', 'a\0b'])(
  '"%s" is as good as missing',
  async (path) => expect(await mediaFiles(root)(path)).toBeNull(),
);

test('without a folder nothing is found', async () => expect(await mediaFiles(undefined)('large.png')).toBeNull());
