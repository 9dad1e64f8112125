import { pageHole } from './links.js';
import { type Rendered, type ViewRequest } from './view.js';

const DEFAULT_SIZE = 15;
const LARGEST_SIZE = 1000;

/** What a request asks for. Spread it into a view's params: `{ ...paging(request) }`. */
export type Paging = {
  /** 1-based; 0 is the last page, -1 no page at all (`page=abc`): a 404 once the filters are known to be good. */
  readonly page: number;
  readonly pageSize: number;
};

/** The rows of one page. */
export interface PageWindow {
  readonly page: number;
  readonly pages: number;
  readonly offset: number;
  readonly size: number;
}

const LAST_PAGE = 0;
const NO_PAGE = -1;

/** @param options `limit: false` where the endpoint has no `limit` */
export function paging(request: ViewRequest, options: { largest?: number; limit?: boolean } = {}): Paging {
  const size = (name: string): number | undefined => positive(request.query[name]);
  const asked = (options.limit === false ? undefined : size('limit')) ?? size('page_size') ?? DEFAULT_SIZE;
  return { page: pageNumber(request.query['page']), pageSize: Math.min(asked, options.largest ?? LARGEST_SIZE) };
}

function pageNumber(value: string | undefined): number {
  if (value === undefined || value === '') return 1;
  return value === 'last' ? LAST_PAGE : (positive(value) ?? NO_PAGE);
}

function positive(value: string | undefined): number | undefined {
  if (value === undefined || !/^\s*\+?\d+\s*$/.test(value)) return undefined;
  const number = Math.min(Number(value), Number.MAX_SAFE_INTEGER);
  return number > 0 ? number : undefined;
}

/** Undefined when there is no such page: answer `INVALID_PAGE`. Page 1 of no rows is a page. */
export function pageWindow({ page, pageSize }: Paging, count: number): PageWindow | undefined {
  const pages = Math.max(1, Math.ceil(count / pageSize));
  const wanted = page === LAST_PAGE ? pages : page;
  if (wanted < 1 || wanted > pages) return undefined;
  return { page: wanted, pages, offset: (wanted - 1) * pageSize, size: pageSize };
}

const INVALID_PAGE: Rendered<never> = { status: 404, body: '{"detail":"Invalid page."}' };

interface Page<Row> {
  readonly count: number;
  readonly next: string | null;
  readonly previous: string | null;
  readonly results: readonly Row[];
}

/** The envelope of a page. Its links are holes: the view needs `finish: fillLinks`. */
export function renderPage<Row>(
  count: number,
  window: PageWindow | undefined,
  results: readonly Row[],
): Rendered<Page<Row>> {
  if (window === undefined) return INVALID_PAGE;
  const next = window.page < window.pages ? pageHole(window.page + 1) : null;
  const previous = window.page > 1 ? pageHole(window.page - 1) : null;
  return { status: 200, body: JSON.stringify({ count, next, previous, results }) };
}
