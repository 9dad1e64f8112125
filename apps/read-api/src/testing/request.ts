import { AskedRequest, lastValues } from '../http/asked.js';

/** The request that a view would see for an address, asked of http://api.test by user 7 on 2 May 2024. */
export function requestTo(address: string, path: Readonly<Record<string, string>> = {}): AskedRequest {
  return new AskedRequest(path, lastValues(address), {
    address,
    origin: () => 'http://api.test',
    today: '2024-05-02',
    userId: 7,
    mediaLink: (file) => `/api/media/${file}?s=signed`,
  });
}
