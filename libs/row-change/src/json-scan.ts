const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const MINUS = 0x2d;
const PLUS = 0x2b;
const POINT = 0x2e;
const ZERO = 0x30;
const NULL = bytesOf('null');
const TRUE = bytesOf('true');
const FALSE = bytesOf('false');
/** What may follow a backslash, but for `u`. */
const ESCAPABLE = new Set(bytesOf('"\\/bfnrt'));
const [UNICODE] = bytesOf('u');

/** Deeper values are left to `JSON.parse`. */
const DEEPEST = 8;

/** 1 for what stands in a text for itself and is one byte long. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x20 && byte < 0x80 && byte !== QUOTE && byte !== BACKSLASH ? 1 : 0,
);

export interface MemberVisitor {
  /** Told where a member's name stands, inside its quotes, and where its value. False gives the whole text up. */
  member(nameFrom: number, nameTo: number, from: number, to: number): boolean;
  /** Asked before a value that is an object: who is told of its members. Nobody, where there is no such method. */
  within?(nameFrom: number, nameTo: number): MemberVisitor | undefined;
}

/**
 * Walks over JSON without making anything of it. Every method answers the place behind what it passed, or -1, and passes nothing that
 * `JSON.parse` would refuse. It also gives up on what the connector never writes: blanks between tokens, escapes in names.
 */
export class JsonScan {
  /** Whether bytes of other than ASCII characters were passed: whether they are UTF-8 is for the caller to find out. */
  beyondAscii = false;
  private bytes: Uint8Array = new Uint8Array();

  over(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.beyondAscii = false;
  }

  object(at: number, visitor: MemberVisitor | undefined, depth = 0): number {
    const { bytes } = this;
    if (bytes[at] !== OPEN_OBJECT || depth > DEEPEST) return -1;
    if (bytes[at + 1] === CLOSE_OBJECT) return at + 2;
    let next = at;
    do {
      const name = next + 1;
      const colon = this.name(name);
      if (colon < 0 || bytes[colon] !== COLON) return -1;
      next =
        bytes[colon + 1] === OPEN_OBJECT
          ? this.object(colon + 1, visitor?.within?.(name + 1, colon - 1), depth + 1)
          : this.value(colon + 1, depth);
      if (next < 0 || visitor?.member(name + 1, colon - 1, colon + 1, next) === false) return -1;
    } while (bytes[next] === COMMA);
    return bytes[next] === CLOSE_OBJECT ? next + 1 : -1;
  }

  private value(at: number, depth: number): number {
    switch (this.bytes[at]) {
      case QUOTE:
        return this.text(at);
      case OPEN_OBJECT:
        return this.object(at, undefined, depth + 1);
      case OPEN_ARRAY:
        return this.array(at, depth + 1);
      case NULL[0]:
        return this.literal(at, NULL);
      case TRUE[0]:
        return this.literal(at, TRUE);
      case FALSE[0]:
        return this.literal(at, FALSE);
      default:
        return this.number(at);
    }
  }

  private array(at: number, depth: number): number {
    const { bytes } = this;
    if (depth > DEEPEST) return -1;
    if (bytes[at + 1] === CLOSE_ARRAY) return at + 2;
    let next = at;
    do {
      next = this.value(next + 1, depth);
      if (next < 0) return -1;
    } while (bytes[next] === COMMA);
    return bytes[next] === CLOSE_ARRAY ? next + 1 : -1;
  }

  private name(at: number): number {
    const { bytes } = this;
    if (bytes[at] !== QUOTE) return -1;
    let next = plainEnd(bytes, at + 1);
    for (; (bytes[next] ?? 0) > 0x7f; next = plainEnd(bytes, next + 1)) this.beyondAscii = true;
    return bytes[next] === QUOTE ? next + 1 : -1;
  }

  private text(at: number): number {
    const { bytes } = this;
    for (let next = plainEnd(bytes, at + 1); ; next = plainEnd(bytes, next + 1)) {
      const byte = bytes[next];
      if (byte === QUOTE) return next + 1;
      if (byte === undefined || byte < 0x20) return -1;
      if (byte === BACKSLASH) {
        next = this.escape(next + 1);
        if (next < 0) return -1;
      } else this.beyondAscii = true;
    }
  }

  /** Answers the place of the last byte of the escape. */
  private escape(at: number): number {
    const { bytes } = this;
    if (ESCAPABLE.has(bytes[at] ?? 0)) return at;
    if (bytes[at] !== UNICODE) return -1;
    for (let i = at + 1; i <= at + 4; i += 1) if (!isHexDigit(bytes[i])) return -1;
    return at + 4;
  }

  private number(at: number): number {
    const { bytes } = this;
    const whole = bytes[at] === MINUS ? at + 1 : at;
    let next = bytes[whole] === ZERO ? whole + 1 : this.digits(whole);
    if (next > 0 && bytes[next] === POINT) next = this.digits(next + 1);
    // e or E
    if (next > 0 && ((bytes[next] ?? 0) | 0x20) === 0x65) {
      const signed = bytes[next + 1] === MINUS || bytes[next + 1] === PLUS;
      next = this.digits(signed ? next + 2 : next + 1);
    }
    return next;
  }

  /** At least one. */
  private digits(at: number): number {
    const { bytes } = this;
    const end = bytes.length;
    let next = at;
    while (next < end && isDigit(bytes[next])) next += 1;
    return next > at ? next : -1;
  }

  private literal(at: number, literal: readonly number[]): number {
    for (let i = 0; i < literal.length; i += 1) if (this.bytes[at + i] !== literal[i]) return -1;
    return at + literal.length;
  }
}

/** Where the next byte stands that is not plain; the end of all where there is none. */
export function plainEnd(bytes: Uint8Array, at: number): number {
  const end = bytes.length;
  let next = at;
  while (next < end && PLAIN[bytes[next] as number] === 1) next += 1;
  return next;
}

/** As UTF-8. */
export function bytesOf(text: string): readonly number[] {
  return [...new TextEncoder().encode(text)];
}

export function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function isHexDigit(byte: number | undefined): boolean {
  return isDigit(byte) || (byte !== undefined && (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
}
