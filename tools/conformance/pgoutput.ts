import { UNAVAILABLE, type Row } from '@freshet/row-change';

/** What PostgreSQL's own output plugin says, protocol 1, with values as text. */
export type Message =
  | { readonly kind: 'begin'; readonly xid: number }
  | { readonly kind: 'commit' }
  | {
      readonly kind: 'row';
      readonly op: 'insert' | 'update' | 'delete';
      readonly table: Relation;
      readonly before?: Row;
      readonly after?: Row;
    }
  | { readonly kind: 'truncate'; readonly tables: readonly Relation[] }
  | { readonly kind: 'message'; readonly prefix: string; readonly content: string };

export interface Relation {
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly string[];
}

/** Decodes one slot's messages, in order: relations are announced once and then named by number. */
export class PgOutput {
  private readonly relations = new Map<number, Relation>();

  decode(data: Buffer): Message | undefined {
    const r = new Reader(data);
    switch (r.char()) {
      case 'B':
        r.skip(16);
        return { kind: 'begin', xid: r.int32() >>> 0 };
      case 'C':
        return { kind: 'commit' };
      case 'R':
        this.relation(r);
        return undefined;
      case 'I':
        return this.insert(r);
      case 'U':
        return this.update(r);
      case 'D':
        return this.remove(r);
      case 'T':
        return this.truncate(r);
      case 'M':
        r.skip(9);
        return { kind: 'message', prefix: r.text(), content: r.bytes(r.int32()).toString() };
      default:
        return undefined;
    }
  }

  private relation(r: Reader): void {
    const oid = r.int32();
    const [schema, table] = [r.text() || 'pg_catalog', r.text()];
    r.skip(1);
    const columns = Array.from({ length: r.int16() }, () => {
      r.skip(1);
      const name = r.text();
      r.skip(8);
      return name;
    });
    this.relations.set(oid, { schema, table, columns });
  }

  private insert(r: Reader): Message {
    const table = this.table(r.int32());
    r.skip(1);
    return { kind: 'row', op: 'insert', table, after: r.tuple(table) };
  }

  private update(r: Reader): Message {
    const table = this.table(r.int32());
    const mark = r.char();
    if (mark === 'N') return { kind: 'row', op: 'update', table, after: r.tuple(table) };
    const before = r.tuple(table);
    r.skip(1);
    return { kind: 'row', op: 'update', table, before, after: r.tuple(table) };
  }

  private remove(r: Reader): Message {
    const table = this.table(r.int32());
    r.skip(1);
    return { kind: 'row', op: 'delete', table, before: r.tuple(table) };
  }

  private truncate(r: Reader): Message {
    const count = r.int32();
    r.skip(1);
    return { kind: 'truncate', tables: Array.from({ length: count }, () => this.table(r.int32())) };
  }

  private table(oid: number): Relation {
    const relation = this.relations.get(oid);
    if (relation === undefined) throw new Error(`relation ${oid} was not announced`);
    return relation;
  }
}

class Reader {
  private at = 0;
  constructor(private readonly data: Buffer) {}

  char(): string {
    return String.fromCharCode(this.data[this.at++] ?? 0);
  }
  int16(): number {
    this.at += 2;
    return this.data.readInt16BE(this.at - 2);
  }
  int32(): number {
    this.at += 4;
    return this.data.readInt32BE(this.at - 4);
  }
  skip(bytes: number): void {
    this.at += bytes;
  }
  bytes(length: number): Buffer {
    this.at += length;
    return this.data.subarray(this.at - length, this.at);
  }
  text(): string {
    const end = this.data.indexOf(0, this.at);
    const text = this.data.toString('utf8', this.at, end);
    this.at = end + 1;
    return text;
  }
  tuple(table: Relation): Row {
    const row: Record<string, unknown> = {};
    const count = this.int16();
    for (let i = 0; i < count; i += 1) row[table.columns[i] ?? ''] = this.value();
    return row;
  }
  private value(): unknown {
    const kind = this.char();
    if (kind === 'n') return null;
    return kind === 'u' ? UNAVAILABLE : this.bytes(this.int32()).toString();
  }
}
