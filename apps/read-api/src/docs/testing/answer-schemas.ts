import { resolve } from 'node:path';
import ts from 'typescript';
import { schemaOfAny, type Lookup, type Schema } from './type-schema.js';

const VIEWS = 'apps/read-api/src/views/';
const CONFIG = 'apps/read-api/tsconfig.json';

/** Of each view that answers JSON, by name: what a 200 says, taken from the type that its `render` infers. */
export function answerSchemas(): ReadonlyMap<string, Schema> {
  const program = ts.createProgram([`${VIEWS}index.ts`], compilerOptions());
  const checker = program.getTypeChecker();
  const found = new Map<string, Schema>();
  for (const file of program.getSourceFiles().filter(({ fileName }) => fileName.includes(VIEWS))) {
    const visit = (node: ts.Node): void => {
      const view = ts.isObjectLiteralExpression(node) ? viewOf(node, checker) : undefined;
      if (view !== undefined && view.answers.length > 0) {
        found.set(view.name, schemaOfAny(view.answers, { checker, at: node }));
      }
      ts.forEachChild(node, visit);
    };
    visit(file);
  }
  return found;
}

function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(CONFIG, (path) => ts.sys.readFile(path)) as { config: object };
  return ts.parseJsonConfigFileContent(config, ts.sys, resolve('apps/read-api'), {}, resolve(CONFIG)).options;
}

/** A view is a literal with a known name, a shape version and a rendering. */
function viewOf(
  literal: ts.ObjectLiteralExpression,
  checker: ts.TypeChecker,
): { name: string; answers: ts.Type[] } | undefined {
  const type = checker.getTypeAtLocation(literal);
  const typeOf = (name: string): ts.Type | undefined => propertyOf(type, name, { checker, at: literal });
  const name = nameOf(literal, checker);
  const [version, render] = ['shapeVersion', 'render'].map(typeOf);
  if (name === undefined || version === undefined || render === undefined) return undefined;
  const rendered = checker.getReturnTypeOfSignature(onlySignature(render));
  const answers = (rendered.isUnion() ? rendered.types : [rendered])
    .map((form) => propertyOf(form, 'answer', { checker, at: literal }))
    .filter((answer) => answer !== undefined && (answer.flags & NO_ANSWER) === 0) as ts.Type[];
  return { name, answers };
}

/** Asked of the value: as a property its type is any text. */
function nameOf(literal: ts.ObjectLiteralExpression, checker: ts.TypeChecker): string | undefined {
  const [named] = literal.properties.filter(ts.isPropertyAssignment).filter(({ name }) => name.getText() === 'name');
  const type = named === undefined ? undefined : checker.getTypeAtLocation(named.initializer);
  return type?.isStringLiteral() === true ? type.value : undefined;
}

/** Of a form that is never a 200. */
const NO_ANSWER = ts.TypeFlags.Undefined | ts.TypeFlags.Never;

function propertyOf(type: ts.Type, name: string, { checker, at }: Lookup): ts.Type | undefined {
  const property = type.getProperty(name);
  return property === undefined ? undefined : checker.getTypeOfSymbolAtLocation(property, at);
}

function onlySignature(type: ts.Type): ts.Signature {
  const [signature, ...others] = type.getCallSignatures();
  if (signature === undefined || others.length > 0) throw new RangeError('a rendering is one function');
  return signature;
}
