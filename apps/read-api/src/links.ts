import { plainPath } from './address.js';
import { type StoredBody, type ViewRequest } from './view.js';

/**
 * Links depend on the request (host, scheme, time of signing), so a stored body holds a hole in their place: a JSON text that starts
 * with U+0000, which PostgreSQL's texts and jsonb cannot contain. `fillLinks` is the `finish` of every view that has holes.
 */
const MARK = '\u0000';
/** How a hole begins in the body. A text of the data that spells `\u0000` has its backslash doubled and does not match. */
const OPENING = Buffer.from('"\\u0000');

const OPENING_MEDIA = Buffer.from('"\\u0000media:');

/** The same request at another page; page 1 is written without `page`. */
export const pageHole = (page: number): string => `${MARK}page:${page}`;
/** An absolute address on the asking host. @param path from the root, e.g. `/media/a.png` */
export const originHole = (path: string): string => `${MARK}origin:${path}`;
/** A signed link to a stored file. @param path as stored, e.g. `invoice_sources/a.jpg` */
export const mediaHole = (path: string): string => `${MARK}media:${path}`;

/** `steady`: the same for the same address and origin. `signed`: they carry the time of signing too. */
export function linksIn(body: Buffer): false | 'steady' | 'signed' {
  if (!body.includes(OPENING)) return false;
  return body.includes(OPENING_MEDIA) ? 'signed' : 'steady';
}

/** Fills every hole. `finish` of the views that have some. */
export function fillLinks(stored: StoredBody, request: ViewRequest): Buffer {
  const pieces: Buffer[] = [];
  let done = 0;
  if (stored.meta['links'] === false) return stored.body;
  for (let at = stored.body.indexOf(OPENING); at !== -1; at = stored.body.indexOf(OPENING, done)) {
    const end = endOfText(stored.body, at);
    const hole = JSON.parse(stored.body.toString('utf8', at, end)) as string;
    pieces.push(stored.body.subarray(done, at), Buffer.from(JSON.stringify(linkFor(hole, request))));
    done = end;
  }
  return done === 0 ? stored.body : Buffer.concat([...pieces, stored.body.subarray(done)]);
}

/** The position after the closing quote of the JSON text that starts at `at`. */
function endOfText(body: Buffer, at: number): number {
  let end = at + 1;
  while (body[end] !== 0x22) end += body[end] === 0x5c ? 2 : 1;
  return end + 1;
}

function linkFor(hole: string, request: ViewRequest): string {
  const colon = hole.indexOf(':');
  const kind = hole.slice(MARK.length, colon);
  const rest = hole.slice(colon + 1);
  if (kind === 'media') return request.mediaLink(rest);
  return request.origin + (kind === 'page' ? pageAddress(request.address, rest) : rest);
}

/** All parameters as sent, sorted by name, `page` replaced. */
function pageAddress(address: string, page: string): string {
  const [path = '', query = ''] = address.split(/\?(.*)/s);
  const pairs = [...new URLSearchParams(query)].filter(([name]) => name !== 'page');
  if (page !== '1') pairs.push(['page', page]);
  const sorted = pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const text = sorted.map(([name, value]) => `${formEncoded(name)}=${formEncoded(value)}`).join('&');
  return text === '' ? plainPath(path) : `${plainPath(path)}?${text}`;
}

function formEncoded(text: string): string {
  return encodeURIComponent(text)
    .replace(/%20/g, '+')
    .replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}
