import { type SourceRow } from '@freshet/cache-engine';
import { maybeText } from './columns.js';

/** The bytes of a stored file; null where there is none, or no folder to read from. Must not throw, nor leave its folder. */
export type ReadMedia = (path: string) => Promise<Buffer | null>;

export const noMedia: ReadMedia = async () => null;

const JPEG = Buffer.from([0xff, 0xd8, 0xff]);

/**
 * A business's signature as a data URL. Read with the row and stored with it: a new signature has a new name, so the row changes with it.
 */
export async function signatureOf(row: SourceRow, readMedia: ReadMedia): Promise<string | null> {
  const path = maybeText(row, 'signature_image');
  const bytes = path === null || path === '' ? null : await readMedia(path);
  if (bytes === null) return null;
  const kind = bytes.subarray(0, JPEG.length).equals(JPEG) ? 'jpeg' : 'png';
  return `data:image/${kind};base64,${bytes.toString('base64')}`;
}
