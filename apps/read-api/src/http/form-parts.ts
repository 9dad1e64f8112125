import busboy from '@fastify/busboy';
import { ApiError } from '../api-error.js';

/** The body itself is bounded by then; these bound what is made of it. */
const LIMITS = { fields: 100, parts: 100, files: 10, fieldNameSize: 100, fieldSize: 64 * 1024 };

/** The fields of a `multipart/form-data` body by name, the last of each; files are passed over. @throws ApiError 400 */
export async function formParts(body: Buffer, contentType: string): Promise<Readonly<Record<string, string>>> {
  const fields = Object.create(null) as Record<string, string>;
  try {
    await read(body, contentType, (name, value) => (fields[name] = value));
  } catch (error) {
    throw new ApiError(400, { detail: `Multipart form parse error - ${error instanceof Error ? error.message : ''}` });
  }
  return fields;
}

function read(body: Buffer, contentType: string, onField: (name: string, value: string) => unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    const reader = busboy({ headers: { 'content-type': contentType }, limits: LIMITS });
    const tooMuch = (): void => reject(new Error('too many parts, or one that is too long'));
    reader.on('field', (name, value, nameCut, valueCut) => (nameCut || valueCut ? tooMuch() : onField(name, value)));
    // A stream that nobody reads would hold up the rest.
    reader.on('file', (_, stream) => void stream.resume());
    for (const limit of ['partsLimit', 'fieldsLimit', 'filesLimit'] as const) reader.on(limit, tooMuch);
    reader.on('error', reject);
    reader.on('finish', resolve);
    reader.end(body);
  });
}
