import { compareDecimals, decimalKey, parseDecimal } from './decimal.js';
import type { Decimal } from './value.js';

/** jsonb as PostgreSQL understands it: numbers exact, keys without order, the last of equal keys wins. */
export class Json {
  constructor(readonly node: JsonNode) {}
}

export type JsonNode = null | boolean | string | Decimal | readonly JsonNode[] | ReadonlyMap<string, JsonNode>;

const TOKEN =
  /[ \t\n\r]*(?:([{}[\],:])|("(?:[^"\\]|\\.)*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null))/y;

export function parseJson(text: string): Json | undefined {
  try {
    const reader = new Reader(text);
    const node = reader.node();
    return reader.atEnd() ? new Json(node) : undefined;
  } catch {
    return undefined;
  }
}

class Reader {
  private at = 0;
  constructor(private readonly text: string) {}

  atEnd(): boolean {
    return /^[ \t\n\r]*$/.test(this.text.slice(this.at));
  }

  node(): JsonNode {
    const m = this.next();
    if (m[2] !== undefined) return jsonString(m[2]);
    if (m[3] !== undefined) return decimal(m[3]);
    if (m[4] !== undefined) return m[4] === 'null' ? null : m[4] === 'true';
    if (m[1] === '[') return this.array();
    if (m[1] === '{') return this.object();
    throw new SyntaxError('not a value');
  }

  private array(): JsonNode {
    const items: JsonNode[] = [];
    if (this.skip(']')) return items;
    for (;;) {
      items.push(this.node());
      if (this.skip(']')) return items;
      this.expect(',');
    }
  }

  private object(): JsonNode {
    const map = new Map<string, JsonNode>();
    if (this.skip('}')) return map;
    for (;;) {
      const key = this.node();
      if (typeof key !== 'string') throw new SyntaxError('not a key');
      this.expect(':');
      map.set(key, this.node());
      if (this.skip('}')) return map;
      this.expect(',');
    }
  }

  private next(): RegExpExecArray {
    TOKEN.lastIndex = this.at;
    const m = TOKEN.exec(this.text);
    if (m === null) throw new SyntaxError('not JSON');
    this.at = TOKEN.lastIndex;
    return m;
  }

  private skip(mark: string): boolean {
    const before = this.at;
    if (this.next()[1] === mark) return true;
    this.at = before;
    return false;
  }

  private expect(mark: string): void {
    if (this.next()[1] !== mark) throw new SyntaxError(`no ${mark}`);
  }
}

/** PostgreSQL keeps no \u0000 and no half of a pair. */
function jsonString(text: string): string {
  const value = JSON.parse(text) as string;
  if (/\0|\p{Surrogate}/u.test(value)) throw new SyntaxError('not a text of PostgreSQL');
  return value;
}

function decimal(text: string): Decimal {
  const d = parseDecimal(text);
  if (d === undefined || typeof d === 'string') throw new SyntaxError('not a number');
  return d;
}

export function isDecimalNode(n: JsonNode): n is Decimal {
  return typeof n === 'object' && n !== null && 'digits' in n;
}

export function jsonEqual(a: JsonNode, b: JsonNode): boolean {
  if (a instanceof Map && b instanceof Map)
    return a.size === b.size && [...a].every(([k, v]) => b.has(k) && jsonEqual(v as JsonNode, b.get(k) as JsonNode));
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((v: JsonNode, i) => jsonEqual(v, b[i] as JsonNode));
  if (isDecimalNode(a) && isDecimalNode(b)) return compareDecimals(a, b) === 0;
  return a === b;
}

/** `a @> b`. */
export function jsonContains(a: JsonNode, b: JsonNode, top = true): boolean {
  if (a instanceof Map && b instanceof Map)
    return [...b].every(
      ([k, v]) => a.has(k as string) && jsonContains(a.get(k as string) as JsonNode, v as JsonNode, false),
    );
  if (Array.isArray(a) && Array.isArray(b))
    return b.every((v: JsonNode) => a.some((w: JsonNode) => jsonContains(w, v, false)));
  // An array may contain a primitive at the top: '[1,2]' @> '1'.
  if (top && Array.isArray(a) && isPrimitive(b)) return a.some((w: JsonNode) => jsonEqual(w, b));
  return isPrimitive(a) && isPrimitive(b) && jsonEqual(a, b);
}

function isPrimitive(n: JsonNode): boolean {
  return n === null || typeof n !== 'object' || isDecimalNode(n);
}

/** `->` by key or position; undefined is SQL's null. */
export function jsonMember(n: JsonNode, step: string | number): JsonNode | undefined {
  if (n instanceof Map) return typeof step === 'string' ? (n.get(step) as JsonNode | undefined) : undefined;
  // A lone value answers as an array of itself.
  if (isPrimitive(n)) return step === 0 || step === -1 ? n : undefined;
  if (!Array.isArray(n) || typeof step !== 'number') return undefined;
  return n[step < 0 ? n.length + step : step] as JsonNode | undefined;
}

/** `#>`: a step is a key of an object or the position in an array. */
export function jsonPath(n: JsonNode, path: readonly string[]): JsonNode | undefined {
  let at: JsonNode | undefined = n;
  for (const step of path) {
    if (at === undefined) return undefined;
    at = jsonMember(at, Array.isArray(at) ? (/^[ \t\n\v\f\r]*[+-]?\d+$/.test(step) ? Number(step) : '') : step);
  }
  return at;
}

/** The text that `->>` gives of a scalar; undefined for objects, arrays and numbers whose spelling PostgreSQL may change. */
export function jsonText(n: JsonNode): string | null | undefined {
  if (n === null) return null;
  if (typeof n === 'string') return n;
  if (typeof n === 'boolean') return String(n);
  return isDecimalNode(n) && n.scale === 0 ? decimalKey(n) : undefined;
}

/** `?`: a key of an object, or a text among an array's elements, or the text itself. */
export function jsonHasKey(n: JsonNode, key: string): boolean {
  if (n instanceof Map) return n.has(key);
  return Array.isArray(n) ? n.includes(key) : n === key;
}
