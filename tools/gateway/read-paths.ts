/** One path of the read API, as far as a gateway must know it. */
export interface ReadPath {
  /** `/api/invoices/:id/`; `:id#` is digits only. */
  readonly path: string;
  readonly post?: unknown;
}

/**
 * The whole path, as a regular expression of both gateways. An `:id` that is no number goes to the original: it is an action that only
 * writes (`customers/merge/`), or the original's own 404.
 */
export function expressionOf({ path }: ReadPath): string {
  return `^${path.replace(/:\w+(#?)/g, (_, digits: string) => (digits === '#' ? '[0-9]+' : '-?[0-9]+'))}`;
}

/** The lines of nginx's `map`, which sees the query too. */
export function nginxPaths(paths: readonly ReadPath[]): string {
  const lines = paths.map((path) => {
    const methods = path.post === undefined ? 'read' : 'read-and-post';
    return `"~${expressionOf(path)}(\\?|$)" ${methods};\n`;
  });
  return lines.join('');
}

export function haproxyPaths(paths: readonly ReadPath[]): string {
  return paths.map((path) => `${expressionOf(path)}$\n`).join('');
}
