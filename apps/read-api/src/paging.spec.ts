import { fillLinks } from './links.js';
import { pageWindow, paging, renderPage } from './paging.js';
import { requestTo } from './testing/request.js';

const askedFor = (query: string, options = {}) => paging(requestTo(`/x/?${query}`), options);

describe('the size of a page', () => {
  it.each([
    ['', 15],
    ['page_size=20', 20],
    ['page_size=5000', 1000],
    ['page_size=0', 15],
    ['page_size=-3', 15],
    ['page_size=abc', 15],
    ['limit=7&page_size=20', 7],
    ['limit=abc&page_size=20', 20],
    ['limit=0&page_size=20', 20],
    ['limit=-1', 15],
    ['limit=2000', 1000],
  ])('for "%s" is %i', (query, size) => expect(askedFor(query).pageSize).toBe(size));

  it('takes no limit, and another cap, where the endpoint says so', () =>
    expect(askedFor('limit=7&page_size=900', { limit: false, largest: 500 }).pageSize).toBe(500));
});

describe('the page', () => {
  const window = (query: string, count: number) => pageWindow(askedFor(query), count);

  it.each([
    ['page=2&page_size=10', 25, 10, 2],
    ['page=last&page_size=10', 25, 20, 3],
    ['page=&page_size=10', 25, 0, 1],
    ['page=%202&page_size=10', 25, 10, 2],
    ['page=1', 0, 0, 1],
    ['page=last', 0, 0, 1],
  ])('%s of %i rows begins at row %i and is page %i', (query, count, offset, page) =>
    expect(window(query, count)).toMatchObject({ offset, page }),
  );

  it.each(['page=0', 'page=-1', 'page=abc', 'page=1.0', 'page=3', 'page=99999999999999999999'])(
    '%s of 30 rows does not exist',
    (query) => expect(window(query, 30)).toBeUndefined(),
  );
});

describe('the links of a page', () => {
  function envelope(query: string, count: number): { next: string | null; previous: string | null } {
    const request = requestTo(`/x/?${query}`);
    const { body } = renderPage(count, pageWindow(paging(request), count), []);
    return JSON.parse(fillLinks({ body: Buffer.from(body), meta: {} }, request).toString()) as ReturnType<
      typeof envelope
    >;
  }

  it('repeat every parameter, sorted and form-encoded', () =>
    expect(envelope('search=a%20b%2Bc&page=2&page_size=5&a=1&a=0&empty=', 30)).toMatchObject({
      next: 'http://api.test/x/?a=1&a=0&empty=&page=3&page_size=5&search=a+b%2Bc',
    }));

  it('to page 1 have no page', () => expect(envelope('page=2', 40).previous).toBe('http://api.test/x/'));

  it('end at the last page', () => expect(envelope('page=last', 40)).toMatchObject({ next: null }));
  it('encode what a form encodes', () =>
    expect(envelope("q=(a)'!*~", 30).next).toBe('http://api.test/x/?page=2&q=%28a%29%27%21%2A~'));
});
