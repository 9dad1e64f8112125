import { type ViewRequest } from '../../view.js';

/** A request as the shell hands it to a view, made from an address. */
export function requestTo(address: string, more: Partial<ViewRequest> = {}): ViewRequest {
  const [, search = ''] = address.split(/\?(.*)/s);
  return {
    path: {},
    query: Object.fromEntries(new URLSearchParams(search)),
    origin: 'http://api.test',
    today: '2026-11-23',
    address,
    mediaLink: (path) => `/api/media/${path}?s=signed`,
    userId: 1,
    ...more,
  };
}
