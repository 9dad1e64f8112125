import { type Route } from '../route.js';

/** `slash`: the path is known once a `/` is added. */
export type Match =
  | { readonly kind: 'route'; readonly route: Route; readonly path: Readonly<Record<string, string>> }
  | { readonly kind: 'slash' }
  | undefined;

interface Pattern {
  readonly route: Route;
  readonly expression: RegExp;
}

/** Finds the route of a path. Fixed paths win over those with parameters, earlier ones over later ones. */
export class Router {
  private readonly fixed: ReadonlyMap<string, Route>;
  private readonly patterns: readonly Pattern[];

  constructor(routes: readonly Route[]) {
    this.fixed = new Map(routes.filter(({ path }) => !path.includes(':')).map((route) => [route.path, route]));
    this.patterns = routes
      .filter(({ path }) => path.includes(':'))
      .map((route) => ({ route, expression: expressionOf(route.path) }));
  }

  /** @param rawPath as sent, still percent-encoded */
  match(rawPath: string): Match {
    const path = decoded(rawPath);
    if (path === undefined) return undefined;
    return this.exact(path) ?? (!path.endsWith('/') && this.exact(`${path}/`) ? { kind: 'slash' } : undefined);
  }

  private exact(path: string): Match {
    const fixed = this.fixed.get(path);
    if (fixed !== undefined) return { kind: 'route', route: fixed, path: {} };
    for (const { route, expression } of this.patterns) {
      const match = expression.exec(path);
      if (match !== null) return { kind: 'route', route, path: { ...match.groups } };
    }
    return undefined;
  }
}

function expressionOf(path: string): RegExp {
  const source = path.replace(/:(\w+)(#?)/g, (_, name: string, digits: string) =>
    digits === '#' ? `(?<${name}>[0-9]+)` : `(?<${name}>[^/.]+)`,
  );
  return new RegExp(`^${source}$`);
}

function decoded(path: string): string | undefined {
  if (!path.includes('%')) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
