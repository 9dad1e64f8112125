import { type Access, type Choice, type Post, type Route } from './route.js';
import { routesWith, type ReadMedia, type Route as ViewRoute } from './views/index.js';
import { noMedia } from './views/shapes/signature.js';
import { reportExcel } from './views/report/report-excel.js';

/** The POSTs that only read, beside the views of the same path. */
const posts: Readonly<Record<string, Post>> = { '/api/reports/generate/': reportExcel };

/** Every path of the read API, made from the views' own addresses. */
export function apiRoutes(readMedia: ReadMedia = noMedia): readonly Route[] {
  const paths = new Map<string, ViewRoute[]>();
  for (const route of routesWith(readMedia)) {
    const path = route.kind === 'digits' ? route.path.replace(/:\w+/g, '$&#') : route.path;
    paths.set(path, [...(paths.get(path) ?? []), route]);
  }
  return [...paths].map(([path, served]) => {
    const route = { path, access: accessOf(served), views: served.map(choiceOf) };
    const post = posts[path];
    return post === undefined ? route : { ...route, post };
  });
}

function accessOf(served: readonly ViewRoute[]): Access {
  return served.some(({ role }) => role === 'admin') ? 'admin' : 'signed-in';
}

function choiceOf({ view, when }: ViewRoute): Choice {
  return when === undefined ? { view } : { view, when };
}
