import { once } from 'node:events';
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';

export interface ZippedFile {
  readonly name: string;
  readonly content: () => AsyncIterable<string>;
}

/**
 * An archive as it is packed, one file after the other: each is asked for its next piece when whoever reads the archive has taken what
 * was packed before, and for none once this has ended.
 */
export async function* zipped(files: readonly ZippedFile[]): AsyncGenerator<Buffer, void, undefined> {
  const zip = new ZipFile();
  const packed = zip.outputStream as Readable;
  let open: Readable | undefined;
  let ended = false;
  for (const { name, content } of files) {
    zip.addReadStreamLazy(name, (give) => {
      if (ended) return;
      open = Readable.from(content()).on('error', (error) => packed.destroy(error));
      give(undefined, open);
    });
  }
  zip.end();
  try {
    yield* packed as AsyncIterable<Buffer>;
  } finally {
    ended = true;
    if (open?.closed === false) await once(open.destroy(), 'close');
  }
}
