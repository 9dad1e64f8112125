import type { TypeName as TypeNode } from 'libpg-query';
import type { Catalog, TypeName } from './catalog.js';
import { names } from './function-call.js';
import { familyOf } from './types/families.js';

const ALIASES: Readonly<Record<string, TypeName>> = { char: 'other:pg_catalog.char', string: 'text' };

/** The type that a cast names. Domains and types without rules come out as `other`. */
export function typeOf(node: TypeNode | undefined, catalog: Catalog): { type: TypeName; modifiers: readonly number[] } {
  const path = names(node?.names);
  const name = path.at(-1) ?? '';
  const schema = path.length > 1 ? path[0] : undefined;
  const base = schema === undefined || schema === 'pg_catalog' ? (ALIASES[name] ?? name) : `other:${schema}.${name}`;
  const known =
    familyOf(base) !== 'raw'
      ? base
      : (enumNamed(catalog, schema, name) ?? (base.startsWith('other:') ? base : `other:${base}`));
  return { type: (node?.arrayBounds?.length ?? 0) > 0 ? `${known}[]` : known, modifiers: modifiersOf(node) };
}

function enumNamed(catalog: Catalog, schema: string | undefined, name: string): TypeName | undefined {
  const schemas = schema === undefined ? catalog.searchPath : [schema];
  return schemas.map((s) => `enum:${s}.${name}`).find((type) => catalog.enums.has(type));
}

function modifiersOf(node: TypeNode | undefined): readonly number[] {
  return (node?.typmods ?? []).map((m) => ('A_Const' in m ? (m.A_Const.ival?.ival ?? 0) : Number.NaN));
}
