import { createSecretKey, type KeyObject } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { verifiedClaims, type Claims } from './token-claims.js';
import { badHeader, badToken, noCredentials, noUserInToken, userNotFound } from './unauthorized.js';

/** What a good token says. */
interface Caller {
  readonly userId: number;
  readonly expiresAtSeconds: number;
}

const REMEMBERED_TOKENS = 10_000;
const LARGEST_USER_ID = 2 ** 31 - 1;

/** Checks access tokens. Good ones are remembered by their text until they expire, so that a repeated one costs no HMAC. */
export class AccessTokens {
  private readonly key: KeyObject;
  private readonly known = new LRUCache<string, Caller>({ max: REMEMBERED_TOKENS });

  constructor(
    secretKey: string,
    private readonly nowMs: () => number,
  ) {
    this.key = createSecretKey(Buffer.from(secretKey, 'utf8'));
  }

  /** @param header of `Authorization`. @throws ApiError 401 */
  caller(header: string | undefined): Caller {
    const nowSeconds = this.nowMs() / 1000;
    const known = this.known.get(header ?? '');
    if (known !== undefined && known.expiresAtSeconds > nowSeconds) return known;
    const caller = checked(verifiedClaims(bearer(header), this.key), nowSeconds);
    this.known.set(header ?? '', caller);
    return caller;
  }
}

function bearer(header: string | undefined): string {
  const [scheme, token, ...rest] = (header ?? '').split(/\s+/).filter((word) => word !== '');
  if (scheme !== 'Bearer') throw noCredentials();
  if (token === undefined || rest.length > 0) throw badHeader();
  return token;
}

/** The checks in the contract's order: the first fault decides the answer. */
function checked(claims: Claims | undefined, nowSeconds: number): Caller {
  if (claims === undefined || liesInFuture(claims['iat'], nowSeconds) || liesInFuture(claims['nbf'], nowSeconds)) {
    throw badToken('Token is invalid');
  }
  const expiresAtSeconds = expiry(claims, nowSeconds);
  if (!('jti' in claims)) throw badToken('Token has no id');
  if (!('token_type' in claims)) throw badToken('Token has no type');
  if (claims['token_type'] !== 'access') throw badToken('Token has wrong type');
  if (!('user_id' in claims)) throw noUserInToken();
  return { userId: userId(claims['user_id']), expiresAtSeconds };
}

/** Also a time that is none: it proves nothing. */
function liesInFuture(claim: unknown, nowSeconds: number): boolean {
  if (claim === undefined) return false;
  const time = wholeSeconds(claim);
  return time === undefined || time > nowSeconds;
}

function expiry(claims: Claims, nowSeconds: number): number {
  if (!('exp' in claims)) throw badToken("Token has no 'exp' claim");
  const time = wholeSeconds(claims['exp']);
  if (time === undefined) throw badToken('Token is invalid');
  if (time <= nowSeconds) throw badToken('Token is expired');
  if (typeof claims['exp'] !== 'number') throw badToken('Token is invalid');
  return time;
}

function wholeSeconds(claim: unknown): number | undefined {
  if (typeof claim === 'string' && /^\s*[+-]?\d+\s*$/.test(claim)) return Number(claim);
  return typeof claim === 'number' ? Math.trunc(claim) : undefined;
}

/** A number, or digits as text. */
function userId(claim: unknown): number {
  const id = typeof claim === 'string' && /^\s*\+?\d+\s*$/.test(claim) ? Number(claim) : claim;
  if (typeof id !== 'number' || !Number.isInteger(id) || id < 0 || id > LARGEST_USER_ID) throw userNotFound();
  return id;
}
