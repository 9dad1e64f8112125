/** A path in one spelling, as links and redirections give it: `/api/%62usinesses/` is `/api/businesses/`. @param path can be decoded */
export function plainPath(path: string): string {
  return path.includes('%') ? encodeURI(decodeURIComponent(path)).replaceAll('?', '%3F').replaceAll('#', '%23') : path;
}
