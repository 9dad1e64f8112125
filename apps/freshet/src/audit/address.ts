import { viewOfKey } from '@freshet/cache-keys';

/** Where a view is served, from the API's own description. */
export interface ViewAddress {
  /** With `{name}` for each part that is a parameter. */
  readonly path: string;
  readonly query: readonly string[];
}

interface Description {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly operationId?: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
}

export function viewAddresses(openApi: unknown): ReadonlyMap<string, ViewAddress> {
  const { paths = {} } = openApi as Description;
  return new Map(
    Object.entries(paths).flatMap(([path, { get }]) =>
      get?.operationId === undefined ? [] : [[get.operationId, { path, query: queryOf(get) }] as const],
    ),
  );
}

function queryOf({ parameters = [] }: Operation): string[] {
  return parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
}

/**
 * The address that an entry was most likely read at; undefined where a key does not tell. A wrong guess costs a sample, never a wrong
 * finding: what is compared are two answers of the same address.
 */
export function addressOf(key: string, views: ReadonlyMap<string, ViewAddress>): string | undefined {
  const view = views.get(viewOfKey(key) ?? '');
  if (view === undefined) return undefined;
  const params = paramsOf(key.slice(key.indexOf(':', 2) + 1));
  const path = view.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params.get(name) ?? ''));
  if (path.includes('//')) return undefined;
  const query = new URLSearchParams([...params].filter(([name]) => view.query.includes(name))).toString();
  return query === '' ? path : `${path}?${query}`;
}

function paramsOf(text: string): ReadonlyMap<string, string> {
  const pairs = text.split('&').flatMap((pair) => {
    const [name = '', value] = pair.split('=');
    // A lone `~` is NULL: such a parameter was not in the address.
    return value === undefined || value === '~' ? [] : [[name, decodeURIComponent(value)] as const];
  });
  return new Map(pairs);
}
