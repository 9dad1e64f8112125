import type { Dice } from './dice.js';
import { literal, valueOf, type TableShape } from './world.js';

export interface RandomChange {
  readonly transaction: readonly string[];
  readonly end?: 'rollback';
}

/** Rows to start from and transactions upon them. */
export class ChangeMaker {
  private nextId = 0;

  constructor(
    private readonly d: Dice,
    private readonly world: readonly TableShape[],
  ) {}

  setup(): readonly string[] {
    return this.world.map((t) => this.insert(t, this.d.int(3, 6)));
  }

  change(): RandomChange {
    const { d } = this;
    const transaction = Array.from({ length: d.chance(0.3) ? 2 : 1 }, () => this.write());
    return d.chance(0.04) ? { transaction, end: 'rollback' } : { transaction };
  }

  private insert(t: TableShape, count: number): string {
    const columns = t.columns.filter((c) => c.generated !== true);
    const rows = Array.from({ length: count }, () => {
      this.nextId += 1;
      return `(${[String(this.nextId), ...columns.map((c) => literal(valueOf(this.d, c.type))), ...(t.parent === undefined ? [] : [this.ref()])].join(', ')})`;
    });
    return `INSERT INTO ${t.name} (id, ${columns.map((c) => c.name).join(', ')}${t.parent === undefined ? '' : ', ref'}) VALUES ${rows.join(', ')}`;
  }

  private ref(): string {
    return this.d.chance(0.15) ? 'NULL' : String(this.d.int(1, Math.max(1, Math.min(6, this.nextId))));
  }

  private write(): string {
    const { d } = this;
    const t = d.pick(this.world);
    const id = d.int(1, Math.max(1, this.nextId));
    const x = d.next();
    if (x < 0.22) return this.insert(t, 1);
    if (x < 0.62)
      return `UPDATE ${t.name} SET ${this.assignments(t)} WHERE id = (SELECT id FROM ${t.name} ORDER BY abs(id - ${id}), id LIMIT 1)`;
    if (x < 0.7 && t.parent !== undefined)
      return `UPDATE ${t.name} SET ref = ${this.ref()} WHERE id = (SELECT id FROM ${t.name} ORDER BY abs(id - ${id}), id LIMIT 1)`;
    if (x < 0.84)
      return `DELETE FROM ${t.name} WHERE id = (SELECT id FROM ${t.name} ORDER BY abs(id - ${id}), id LIMIT 1)`;
    if (x < 0.9) return this.bulk(t, id);
    if (x < 0.95) return `UPDATE ${t.name} SET ${this.assignments(t)} WHERE id % 2 = ${d.int(0, 1)}`;
    this.nextId += 1;
    return d.chance(0.8)
      ? `UPDATE ${t.name} SET id = ${this.nextId} WHERE id = (SELECT max(id) FROM ${t.name})`
      : `TRUNCATE ${t.name}`;
  }

  /** Many rows in one statement, or one row through another. */
  private bulk(t: TableShape, id: number): string {
    const { d } = this;
    const u = d.pick(this.world);
    const own = t.columns.filter((c) => c.generated !== true).map((c) => c.name);
    const from = this.nextId;
    this.nextId += 50;
    return d.pick([
      `UPDATE ${t.name} t SET qty = u.qty FROM ${u.name} u WHERE u.id = t.id AND u.qty > ${d.int(0, 4)}`,
      `DELETE FROM ${t.name} t USING ${u.name} u WHERE u.qty = t.id AND u.id < ${id}`,
      `UPDATE ${t.name} t SET id = -id WHERE qty = ${d.int(0, 5)} AND NOT EXISTS (SELECT 1 FROM ${t.name} u WHERE u.id = -t.id)`,
      `UPDATE ${t.name} SET qty = qty + 1, price = price * 1.0`,
      `INSERT INTO ${t.name} (id, ${own.join(', ')}) SELECT ${from} + row_number() OVER (ORDER BY id), ${own.join(', ')} FROM ${t.name} WHERE qty < ${d.int(0, 6)} LIMIT 50`,
      `INSERT INTO ${t.name} (id, qty) VALUES (${id}, ${d.int(0, 6)}) ON CONFLICT (id) DO UPDATE SET qty = excluded.qty`,
    ]);
  }

  private assignments(t: TableShape): string {
    const columns = this.d.sample(
      t.columns.filter((c) => c.generated !== true),
      this.d.int(1, 2),
    );
    return columns.map((c) => `${c.name} = ${literal(valueOf(this.d, c.type))}`).join(', ');
  }
}
