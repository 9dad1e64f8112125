import { RunningService } from '../testing/running-service.js';

const PRODUCT = '/api/products/2/';
const RENEWED = /^cache_renewals_total\{.*view="product\.get".*outcome="miss".*\} 1$/m;

let service: RunningService;
afterEach(() => service.stop());

it.each(['0', '1000000'])(
  'what a change deleted is loaded again before anybody asks (copies: %s bytes)',
  async (bytes) => {
    const variables = {
      CACHE_REFRESH_ON_CHANGE: 'true',
      NEAR_CACHE_BYTES: bytes,
      ON_STALE: 'bypass',
      MAX_STALENESS: '1h',
    };
    service = await RunningService.start(`read_api_refresh_${process.pid}`, variables);
    const apply = async (sql: string, heartbeat: bigint, change: object = {}): Promise<void> => {
      const xid = Number(await service.write(sql));
      const origin = { xid, commitMs: Date.now(), lsn: undefined };
      const table = { schema: 'public', table: 'billing_product' };
      if ('before' in change) await service.apply({ kind: 'row', table, op: 'update', ...change, ...origin } as never);
      await service.apply({ kind: 'heartbeat', sequence: heartbeat, ...origin });
    };
    await apply('SELECT 1', 1n);
    for (let i = 0; i < 12; i += 1) await service.ask(PRODUCT);
    const images = { before: { id: 2, name: 'old' }, after: { id: 2, name: 'Anew' } };
    await apply("UPDATE billing_product SET name = 'Anew' WHERE id = 2", 2n, images);
    while (!RENEWED.test((await service.ask('/metrics', { as: null })).text));
    const { headers, text } = await service.ask(PRODUCT);
    expect(headers['cache-status']).toMatch(/^Freshet; hit/);
    expect(JSON.parse(text)).toMatchObject({ name: 'Anew' });
  },
  60_000,
);
