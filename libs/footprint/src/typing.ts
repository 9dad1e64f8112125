import { leastKnown, type Catalog, type CollationClass, type TypeName } from './catalog.js';
import { NotCacheable } from './errors.js';
import { UNKNOWN_TYPE, call, opaque, type Expr } from './expr.js';
import { familyOf, type Family } from './types/families.js';

/** Types of the parameters, as far as the text has told them: the first use decides, as in PostgreSQL. */
export class Parameters {
  readonly types = new Map<number, TypeName>();

  see(n: number): void {
    if (!this.types.has(n)) this.types.set(n, UNKNOWN_TYPE);
  }

  list(): readonly TypeName[] {
    return Array.from({ length: Math.max(0, ...this.types.keys()) }, (_, i) => this.types.get(i + 1) ?? UNKNOWN_TYPE);
  }
}

const CLOCK = /\b(now|today|tomorrow|yesterday)\b/i;
const READS_CLOCK: readonly Family[] = ['date', 'timestamp', 'timestamptz', 'time', 'range', 'raw'];

/** 'today' and its kind, as a date, are answered by the clock. */
export function refuseClock(text: string | null, type: TypeName): void {
  if (text !== null && CLOCK.test(text) && READS_CLOCK.includes(familyOf(type.replace('[]', ''))))
    throw new NotCacheable(`'${text}'`, 'a special date literal reads the clock');
}

const NUMERIC_RANK: readonly Family[] = ['int', 'numeric', 'float'];

/** What operators and functions mean for the types of their arguments, as far as this analysis goes; beyond it they are opaque. */
export class Typing {
  constructor(
    readonly catalog: Catalog,
    readonly parameters: Parameters,
  ) {}

  /** An untyped literal or parameter takes the type that its place asks for. */
  as(e: Expr, type: TypeName): Expr {
    const target = type === 'varchar' ? 'text' : type;
    if (e.k === 'param') {
      const known = this.parameters.types.get(e.n) ?? UNKNOWN_TYPE;
      if (known === UNKNOWN_TYPE) this.parameters.types.set(e.n, target);
      return { ...e, type: known === UNKNOWN_TYPE ? target : known };
    }
    if (e.k !== 'const' || e.type !== UNKNOWN_TYPE) return e;
    refuseClock(e.value, target);
    return { ...e, type: target };
  }

  /** The parameter's type may have been decided elsewhere since. */
  current(e: Expr): Expr {
    return e.k === 'param' && e.type === UNKNOWN_TYPE
      ? { ...e, type: this.parameters.types.get(e.n) ?? UNKNOWN_TYPE }
      : e;
  }

  /** Both sides of a comparison under one family; undefined where PostgreSQL would do something that we do not follow. */
  unify(a: Expr, b: Expr): { family: Family; a: Expr; b: Expr } | undefined {
    let [l, r] = [this.current(a), this.current(b)];
    if (l.type === UNKNOWN_TYPE && r.type === UNKNOWN_TYPE) [l, r] = [this.as(l, 'text'), this.as(r, 'text')];
    else if (l.type === UNKNOWN_TYPE) l = this.as(l, r.type);
    else if (r.type === UNKNOWN_TYPE) r = this.as(r, l.type);
    const [f, g] = [familyOf(l.type), familyOf(r.type)];
    if (f === g) return this.sameFamily(f, l, r);
    const [i, j] = [NUMERIC_RANK.indexOf(f), NUMERIC_RANK.indexOf(g)];
    if (i >= 0 && j >= 0) {
      const family = NUMERIC_RANK[Math.max(i, j)] as Family;
      return { family, a: this.widen(l, family), b: this.widen(r, family) };
    }
    if (f === 'date' && g === 'timestamp') return { family: g, a: call('date>timestamp', [l], 'timestamp'), b: r };
    if (f === 'timestamp' && g === 'date') return { family: f, a: l, b: call('date>timestamp', [r], 'timestamp') };
    // bpchar against text compares as text; against varchar it would be bpchar.
    if (f === 'char' && r.type === 'text' && b.type === 'text')
      return { family: 'text', a: call('char>text', [l], 'text'), b: r };
    if (g === 'char' && l.type === 'text' && a.type === 'text')
      return { family: 'text', a: l, b: call('char>text', [r], 'text') };
    return undefined;
  }

  private sameFamily(family: Family, a: Expr, b: Expr): { family: Family; a: Expr; b: Expr } | undefined {
    const equalTypes = a.type === b.type;
    if ((family === 'enum' || family === 'raw' || family === 'range') && !equalTypes) return undefined;
    if (family === 'array' && (!equalTypes || !plainElements(a.type))) return undefined;
    return { family, a, b };
  }

  widen(e: Expr, family: Family): Expr {
    const from = familyOf(e.type);
    if (from === family) return e;
    return call(`${from}>${family}`, [e], family === 'numeric' ? 'numeric' : 'float8');
  }

  /** `=`, `<>`, `<`, … between two expressions. */
  compare(op: string, a: Expr, b: Expr): Expr {
    const sides = this.unify(a, b);
    if (sides === undefined) return opaque(`${op} between ${a.type} and ${b.type}`, [a, b], 'bool');
    const { family } = sides;
    const ordering = !['eq', 'ne'].includes(op);
    if (family === 'enum' && ordering) return this.enumOrder(op, sides.a, sides.b);
    const suffix = this.comparable(family, sides.a, sides.b, ordering);
    if (suffix === undefined) return opaque('a comparison that follows a collation', [a, b], 'bool');
    return call(`${op}:${suffix}`, [sides.a, sides.b]);
  }

  /** The family to compare by, or undefined where the collation decides. */
  comparable(family: Family, a: Expr, b: Expr, ordering: boolean): string | undefined {
    if (family !== 'text' && family !== 'char')
      return ordering && ['jsonb', 'range', 'array', 'raw'].includes(family) ? undefined : family;
    const coll = collationOf(a, b);
    if (coll === 'folding') return undefined;
    if (!ordering) return family;
    return (coll ?? this.catalog.collation) === 'c' && family === 'text' ? 'bytes' : undefined;
  }

  private enumOrder(op: string, a: Expr, b: Expr): Expr {
    const labels = this.catalog.enums.get(a.type);
    if (labels === undefined) return opaque('an enum whose labels are not known', [a, b], 'bool');
    const list = `{${labels.map((l) => `"${l.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
    return call(`${op}:enum`, [a, b, { k: 'const', value: list, type: 'text[]' }]);
  }

  /** `IS NOT DISTINCT FROM`. */
  same(a: Expr, b: Expr): Expr {
    const sides = this.unify(a, b);
    const suffix = sides && this.comparable(sides.family, sides.a, sides.b, false);
    if (sides === undefined || suffix === undefined) return opaque('IS DISTINCT FROM', [a, b], 'bool');
    return call(`same:${suffix}`, [sides.a, sides.b]);
  }

  /** `a op ANY (list)` over an array expression. */
  overArray(quantifier: 'any' | 'all', op: string, a: Expr, list: Expr): Expr {
    let [x, array] = [this.current(a), this.current(list)];
    if (array.type === UNKNOWN_TYPE) array = this.as(array, `${elementFor(x.type)}[]`);
    if (!array.type.endsWith('[]')) return opaque('ANY', [a, list], 'bool');
    const element = array.type.slice(0, -2);
    if (x.type === UNKNOWN_TYPE) x = this.as(x, element);
    const [f, g] = [familyOf(x.type), familyOf(element)];
    const suffix =
      f === g && (f !== 'enum' || x.type === element) && f !== 'raw' && f !== 'char'
        ? this.comparable(f, x, array, !['eq', 'ne'].includes(op))
        : undefined;
    if (suffix === undefined || (f === 'enum' && !['eq', 'ne'].includes(op))) return opaque('ANY', [x, array], 'bool');
    return call(`${quantifier}:${op}:${suffix}`, [x, array]);
  }
}

/** The array type that an untyped parameter gets beside this one. */
function elementFor(type: TypeName): TypeName {
  return type === 'varchar' || type === UNKNOWN_TYPE ? 'text' : type;
}

/** Arrays whose elements compare as their run-time values do. */
function plainElements(type: TypeName): boolean {
  return ['int', 'numeric', 'float', 'text', 'bool', 'date', 'timestamp', 'uuid'].includes(familyOf(type.slice(0, -2)));
}

/** Of several expressions the least knowable collation; undefined when none brings one. */
export function collationOf(...exprs: readonly Expr[]): CollationClass | undefined {
  return leastKnown(exprs.map((e) => ('coll' in e ? e.coll : undefined)));
}
