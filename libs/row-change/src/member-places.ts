import { bytesOf, type MemberVisitor } from './json-scan.js';

/** Remembers where some members of an object stand. One that comes twice is given up: which counts is not for a short way to say. */
export class MemberPlaces implements MemberVisitor {
  private readonly names: readonly (readonly number[])[];
  private readonly from: number[];
  private readonly to: number[];
  private readonly innerName: readonly number[];
  private bytes: Uint8Array = new Uint8Array();

  /** @param inner a member that is an object, and who is told of what is in it. */
  constructor(
    names: readonly string[],
    private readonly inner?: { readonly name: string; readonly visitor: MemberVisitor },
  ) {
    this.names = names.map(bytesOf);
    this.innerName = bytesOf(inner?.name ?? '');
    this.from = names.map(() => -1);
    this.to = names.map(() => -1);
  }

  over(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.from.fill(-1);
  }

  member(nameFrom: number, nameTo: number, from: number, to: number): boolean {
    const { names } = this;
    for (let i = 0; i < names.length; i += 1) {
      if (!standsAt(this.bytes, nameFrom, nameTo, names[i] ?? [])) continue;
      if (this.from[i] !== -1) return false;
      this.from[i] = from;
      this.to[i] = to;
      return true;
    }
    return true;
  }

  within(nameFrom: number, nameTo: number): MemberVisitor | undefined {
    return this.inner !== undefined && standsAt(this.bytes, nameFrom, nameTo, this.innerName)
      ? this.inner.visitor
      : undefined;
  }

  /** Where the value of the i-th name begins; -1 where there is none. */
  fromOf(i: number): number {
    return this.from[i] ?? -1;
  }

  toOf(i: number): number {
    return this.to[i] ?? -1;
  }
}

export function standsAt(bytes: Uint8Array, from: number, to: number, what: readonly number[]): boolean {
  if (to - from !== what.length) return false;
  for (let i = 0; i < what.length; i += 1) if (bytes[from + i] !== what[i]) return false;
  return true;
}
