import { type IncomingHttpHeaders } from 'node:http';

const LARGEST = 2n ** 64n - 1n;
const COOKIE = /(?:^|;\s*)freshet_token=([^;]*)/g;

/** The transaction that the caller must see: the highest of those named by header and cookie. Malformed ones are ignored. */
export function readToken(headers: IncomingHttpHeaders): bigint | undefined {
  const named = headers['freshet-token'];
  if (named === undefined && headers.cookie === undefined) return undefined;
  const fromHeader = named === undefined ? [] : String(named).split(',');
  const fromCookie = [...(headers.cookie ?? '').matchAll(COOKIE)].map((match) => match[1] ?? '');
  const tokens = [...fromHeader, ...fromCookie].map(parsed).filter((token) => token !== undefined);
  return tokens.reduce<bigint | undefined>(
    (most, token) => (most === undefined || token > most ? token : most),
    undefined,
  );
}

function parsed(text: string): bigint | undefined {
  const digits = /^\s*"?(\d{1,20})"?\s*$/.exec(text)?.[1];
  if (digits === undefined) return undefined;
  const token = BigInt(digits);
  return token > LARGEST ? undefined : token;
}
