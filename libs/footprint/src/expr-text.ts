import type { Expr } from './expr.js';

const SYMBOLS: Readonly<Record<string, string>> = {
  eq: '=', ne: '<>', lt: '<', le: '<=', gt: '>', ge: '>=', same: 'IS NOT DISTINCT FROM', add: '+', sub: '-', mul: '*', div: '/', mod: '%', like: 'LIKE',
  ilike: 'ILIKE', regex: '~', iregex: '~*', concat: '||', contains: '@>', overlaps: '&&', member: '->', membertext: '->>', haskey: '?',
}; // prettier-ignore

/** An expression in words close to SQL, for people. */
export function exprText(e: Expr): string {
  switch (e.k) {
    case 'col':
      return e.name;
    case 'param':
      return `$${e.n}`;
    case 'const':
      return e.value === null
        ? 'NULL'
        : ['int4', 'int8', 'numeric', 'bool'].includes(e.type)
          ? e.value
          : `'${e.value}'`;
    case 'and':
    case 'or':
      return `(${e.args.map(exprText).join(e.k === 'and' ? ' AND ' : ' OR ')})`;
    case 'opaque':
      return `${e.why} of (${e.args.map(exprText).join(', ')})`;
    case 'sub':
      return `a sub-query (${e.link})`;
    case 'call':
      return callText(e.fn, e.args.map(exprText));
  }
}

function callText(fn: string, args: readonly string[]): string {
  const [a = '', b = ''] = args;
  const [first = '', second = ''] = fn.split(':');
  if (fn.includes('>')) return a;
  if (first === 'any' || first === 'all') return `${a} ${SYMBOLS[second] ?? second} ${first.toUpperCase()} (${b})`;
  if (fn === 'not') return `NOT ${a}`;
  if (fn === 'isnull') return `${a} IS NULL`;
  if (fn === 'istrue' || fn === 'isfalse') return `${a} IS ${fn.slice(2).toUpperCase()}`;
  if (fn === 'list') return args.join(', ');
  const symbol = SYMBOLS[first];
  return symbol !== undefined && args.length > 1 ? `${a} ${symbol} ${b}` : `${first}(${args.join(', ')})`;
}
