import { createHash, createHmac } from 'node:crypto';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const SALT = 'billing.media' + 'signer';

/** Mints links to stored files as the original does; whoever has the secret key can check them. */
export class MediaLinks {
  private readonly key: Buffer;

  constructor(
    secretKey: string,
    private readonly nowMs: () => number,
  ) {
    this.key = createHash('sha256')
      .update(SALT + secretKey)
      .digest();
  }

  /** Valid from now on; how long is the checker's business. */
  linkTo(path: string): string {
    const value = `${path}:${base62(Math.floor(this.nowMs() / 1000))}`;
    const signature = createHmac('sha256', this.key).update(value).digest('base64url');
    return `/api/media/${quoted(path)}?s=${quoted(`${value}:${signature}`)}`;
  }
}

function base62(value: number): string {
  const digit = DIGITS.charAt(value % 62);
  return value < 62 ? digit : base62(Math.floor(value / 62)) + digit;
}

/** Percent-encoded, `/` kept. */
function quoted(text: string): string {
  return encodeURIComponent(text)
    .replace(/%2F/g, '/')
    .replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}
