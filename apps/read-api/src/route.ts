import { type Query } from '@freshet/cache-engine';
import { type View, type ViewRequest } from './view.js';

/** Who may ask. */
export type Access = 'anyone' | 'signed-in' | 'admin';

/** An answer that is written as it is read, for one request, and never stored. */
export interface Written {
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  /** `query` sees one snapshot. */
  readonly pieces: (query: Query) => AsyncIterable<string | Uint8Array>;
}

/** What a POST that only reads answers. @throws ApiError what is wrong with the body */
export type Post = (body: unknown, request: ViewRequest) => Written;

/** A view, where the query chooses between several of one path. */
export interface Choice {
  readonly view: View;
  /** Query parameters that must have these values. */
  readonly when?: Readonly<Record<string, string>>;
}

/** One path and what it answers. */
export interface Route {
  /** `/api/invoices/:id/`; `:id` is any text without `/` and `.`, `:id#` digits only (otherwise the path is unknown). */
  readonly path: string;
  readonly access: Access;
  /** GET and HEAD: the first whose `when` is met. */
  readonly views: readonly Choice[];
  readonly post?: Post;
}

export function methodsOf(route: Route): string {
  const reads = route.views.length > 0 ? ['GET', 'HEAD'] : [];
  return [...reads, ...(route.post === undefined ? [] : ['POST']), 'OPTIONS'].join(', ');
}

export function chosenView(route: Route, query: Readonly<Record<string, string | undefined>>): View | undefined {
  return route.views.find(({ when = {} }) => Object.entries(when).every(([name, value]) => query[name] === value))
    ?.view;
}
