import { createHash, createHmac } from 'node:crypto';
import { type Json } from './case.js';

const PREFIX = '/api/media/';
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const LIFE_SECONDS = 6 * 3600;
/** The server's clock may be ahead of ours by this much. */
const SKEW_SECONDS = 300;

export function isSignedLink(value: Json | undefined): value is string {
  return typeof value === 'string' && value.startsWith(PREFIX) && value.includes('?s=');
}

/** What is wrong with a link in place of a recorded one; undefined when it is good: same file, own signature, not expired. */
export function linkFault(wanted: string, got: string, secret: string, nowSeconds: number): string | undefined {
  const [path = '', signature = ''] = got.split('?s=');
  if (path !== wanted.split('?s=')[0]) return 'another file';
  const token = decodeURIComponent(signature);
  const value = token.slice(0, token.lastIndexOf(':'));
  const key = createHash('sha256').update(`billing.mediasigner${secret}`).digest();
  const expected = createHmac('sha256', key).update(value).digest('base64url');
  if (token !== `${value}:${expected}`) return 'a bad signature';
  const [file, minted = ''] = value.split(/:(?=[^:]*$)/);
  if (file !== decodeURIComponent(path.slice(PREFIX.length))) return 'signed for another file';
  const age = nowSeconds - fromBase62(minted);
  return age >= -SKEW_SECONDS && age <= LIFE_SECONDS ? undefined : 'expired';
}

function fromBase62(text: string): number {
  return [...text].reduce((value, digit) => value * 62 + DIGITS.indexOf(digit), 0);
}
