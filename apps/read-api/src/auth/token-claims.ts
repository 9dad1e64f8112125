import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto';

export type Claims = Readonly<Record<string, unknown>>;

/** The claims of a JWT whose HS256 signature is good; undefined for anything else. */
export function verifiedClaims(token: string, key: KeyObject): Claims | undefined {
  const [header, payload, signature, ...rest] = token.split('.');
  if (header === undefined || payload === undefined || signature === undefined || rest.length > 0) return undefined;
  // The key is a shared secret: with any other algorithm the caller would choose how it is checked.
  if (jsonObject(header)?.['alg'] !== 'HS256') return undefined;
  const expected = createHmac('sha256', key).update(`${header}.${payload}`).digest();
  const given = Buffer.from(signature, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  return jsonObject(payload);
}

function jsonObject(part: string): Claims | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Claims) : undefined;
  } catch {
    return undefined;
  }
}
