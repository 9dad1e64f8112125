import { open, realpath } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import { noMedia, type ReadMedia } from './views/shapes/signature.js';

/** A larger file would sit in every entry that shows it. */
const LARGEST_BYTES = 2 * 1024 * 1024;

/** Reads stored files from the folder where the original keeps them. @param root undefined: no file is ever found */
export function mediaFiles(root: string | undefined): ReadMedia {
  if (root === undefined) return noMedia;
  return (path) => readInside(root, path).catch(() => null);
}

/** The path comes from a row: neither `..` nor a link may lead out of the folder. */
async function readInside(root: string, path: string): Promise<Buffer | null> {
  const folder = await realpath(root);
  const file = await realpath(resolve(folder, path));
  if (!file.startsWith(folder + sep)) return null;
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    return size > LARGEST_BYTES ? null : await handle.readFile();
  } finally {
    await handle.close();
  }
}
