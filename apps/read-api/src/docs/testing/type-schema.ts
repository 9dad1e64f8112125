import ts from 'typescript';

/** A JSON Schema (2020-12), as far as answers need it. */
export type Schema = { readonly [keyword: string]: unknown };

/** Where types are looked up: the checker, and a place in the program. */
export interface Lookup {
  readonly checker: ts.TypeChecker;
  readonly at: ts.Node;
}

const PLAIN: readonly (readonly [ts.TypeFlags, Schema])[] = [
  [ts.TypeFlags.Unknown, {}],
  [ts.TypeFlags.StringLike, { type: 'string' }],
  [ts.TypeFlags.NumberLike, { type: 'number' }],
  [ts.TypeFlags.BooleanLike, { type: 'boolean' }],
  [ts.TypeFlags.Null, { type: 'null' }],
];

/** What JSON.stringify makes of a value of this type. @throws RangeError for a type that JSON cannot say */
export function schemaOf(type: ts.Type, lookup: Lookup): Schema {
  const plain = PLAIN.find(([flags]) => (type.flags & flags) !== 0);
  if (plain !== undefined) return plain[1];
  if (type.isUnion()) return schemaOfAny(type.types, lookup);
  const { checker } = lookup;
  if (checker.isTupleType(type)) return tupleOf(checker.getTypeArguments(type as ts.TypeReference), lookup);
  const element = checker.isArrayLikeType(type) ? checker.getIndexTypeOfType(type, ts.IndexKind.Number) : undefined;
  if (element !== undefined) return { type: 'array', items: schemaOf(element, lookup) };
  const named = checker.getPropertiesOfType(type);
  const others = checker.getIndexTypeOfType(type, ts.IndexKind.String);
  if (others !== undefined && named.length === 0) {
    return { type: 'object', additionalProperties: schemaOf(others, lookup) };
  }
  if ((type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) === 0 || named.some(isMethod)) {
    throw new RangeError(`no schema for ${checker.typeToString(type)}`);
  }
  return objectOf(named, lookup);
}

function tupleOf(elements: readonly ts.Type[], lookup: Lookup): Schema {
  const prefixItems = elements.map((element) => schemaOf(element, lookup));
  return { type: 'array', prefixItems, minItems: elements.length, maxItems: elements.length };
}

/** Closed: a field that no type speaks of is a fault, of the view or of the document. */
function objectOf(fields: readonly ts.Symbol[], lookup: Lookup): Schema {
  const typed = fields.map((field) => ({ field, type: lookup.checker.getTypeOfSymbolAtLocation(field, lookup.at) }));
  const said = typed.filter(({ type }) => (type.flags & ABSENT) === 0);
  return {
    type: 'object',
    properties: Object.fromEntries(said.map(({ field, type }) => [field.name, schemaOf(type, lookup)])),
    required: said.filter(({ field, type }) => !mayLack(field, type)).map(({ field }) => field.name),
    additionalProperties: false,
  };
}

/** A field of other forms of a union, which this form never has. */
const ABSENT = ts.TypeFlags.Undefined | ts.TypeFlags.Never;

function mayLack(field: ts.Symbol, type: ts.Type): boolean {
  const absent = type.isUnion() && type.types.some(({ flags }) => (flags & ts.TypeFlags.Undefined) !== 0);
  return absent || (field.flags & ts.SymbolFlags.Optional) !== 0;
}

function isMethod(field: ts.Symbol): boolean {
  return (field.flags & (ts.SymbolFlags.Method | ts.SymbolFlags.Function)) !== 0;
}

/** `string | null` is one schema with two types; others stand side by side, each once. */
export function schemaOfAny(types: readonly ts.Type[], lookup: Lookup): Schema {
  const said = types.filter(({ flags }) => (flags & ts.TypeFlags.Undefined) === 0);
  const forms = new Map(said.map((type) => [JSON.stringify(schemaOf(type, lookup)), schemaOf(type, lookup)]));
  const schemas = [...forms.values()];
  const [only] = schemas;
  if (only !== undefined && schemas.length === 1) return only;
  const isPlain = schemas.every((schema) => Object.keys(schema).join() === 'type');
  return isPlain ? { type: schemas.map(({ type }) => type).sort() } : { anyOf: schemas };
}
