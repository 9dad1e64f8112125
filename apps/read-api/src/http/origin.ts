import { BlockList, isIP } from 'node:net';
import { type IncomingMessage } from 'node:http';
import { ApiError } from '../api-error.js';

const HOST = /^([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?$/;

/** Scheme and host of absolute links. Forwarded headers count only from proxies that are trusted. */
export class Origins {
  private readonly trusted = new BlockList();

  /** @param proxies addresses or networks, e.g. `10.0.0.0/8` */
  constructor(proxies: readonly string[]) {
    for (const proxy of proxies) {
      const [address = '', bits] = proxy.split('/');
      const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
      if (bits === undefined) this.trusted.addAddress(address, family);
      else this.trusted.addSubnet(address, Number(bits), family);
    }
  }

  /** @throws ApiError 400 when `Host` is missing or not a host: it would end up in links. */
  originOf(request: IncomingMessage): string {
    const { host } = request.headers;
    if (host === undefined || !HOST.test(host)) throw new ApiError(400, { detail: 'Invalid Host header.' });
    const forwarded = request.headers['x-forwarded-proto'];
    // Of a chain of proxies the first stands before the caller.
    const scheme = String(forwarded ?? '')
      .split(',', 1)[0]
      ?.trim();
    const secure = scheme === 'https' && this.trusts(request.socket.remoteAddress);
    return `${secure ? 'https' : 'http'}://${host}`;
  }

  private trusts(address: string | undefined): boolean {
    if (address === undefined) return false;
    const plain = address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
    return this.trusted.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4');
  }
}
