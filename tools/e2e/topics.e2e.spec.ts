import { quietKafka } from '../stack/kafka.js';
import { until } from '../stack/until.js';
import { World } from './world.js';

jest.setTimeout(300_000);

const PREFIX = 'by-table';
/** The connector's own names, without what they all begin with, under a prefix that no other spec uses. */
const ROUTE = {
  'transforms.route.regex': 'freshet\\.(?:public\\.)?(.*)',
  'transforms.route.replacement': `${PREFIX}.$1`,
};
const LIST = '/api/invoices/?business_id=1';
const INVOICE_1 = '/api/invoices/1/';
const BUSINESS_2 = '/api/businesses/2/';

/** Debezium's usual way: a topic for each table, the order between tables lost. */
describe('a topic for each table', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.begin();
    const topics = await makeTopics();
    await world.invalidator.stop();
    await world.stack.registerConnector(ROUTE);
    await world.invalidator.start({ KAFKA_TOPIC: topics.join(','), KAFKA_PARTITION_GRACE: '500ms' });
    await world.applied();
  });
  afterAll(async () => {
    await world?.invalidator.stop();
    await world?.stack.registerConnector();
    await world?.end();
  });

  /** One for each table of the publication, and one for the announcements of schema changes. */
  async function makeTopics(): Promise<string[]> {
    const { rows } = await world.writer.query<{ tablename: string }>('SELECT tablename FROM pg_publication_tables');
    const topics = [...rows.map(({ tablename }) => tablename), 'message'].map((name) => `${PREFIX}.${name}`);
    const admin = quietKafka(world.stack.kafkaBroker).admin();
    await until('the topics', 60_000, async () => {
      await admin.connect();
      await admin.createTopics({ topics: topics.map((topic) => ({ topic, numPartitions: 1 })) });
      return true;
    });
    await admin.disconnect();
    return topics;
  }

  const expectFresh = async (path: string, sql: string, fresh: object): Promise<void> => {
    await world.warm(path);
    await world.warm(BUSINESS_2);
    await world.change(sql);
    const reply = await world.get(path);
    expect([reply.cache, reply.body]).toEqual(['fwd=miss; stored', expect.objectContaining(fresh)]);
    expect((await world.get(BUSINESS_2)).cache).toMatch(/^hit/);
  };

  it('shows a change of one table, and leaves entries of others alone', () =>
    expectFresh(INVOICE_1, 'UPDATE billing_invoice SET total_amount = 7001 WHERE id = 1', {
      total_amount: '7001.000',
    }));

  it('shows a transaction over several tables as a whole', () =>
    expectFresh(
      LIST,
      'BEGIN; DELETE FROM billing_lineitem WHERE invoice_id = 2; DELETE FROM billing_invoice WHERE id = 2; COMMIT',
      { count: 1 },
    ));

  it('abandons everything for a schema change, which comes in a topic of its own', async () => {
    await world.warm(BUSINESS_2);
    await world.change('ALTER TABLE billing_business ALTER COLUMN email SET DEFAULT NULL');
    expect((await world.get(BUSINESS_2)).cache).not.toMatch(/^hit/);
    await world.warm(BUSINESS_2);
  });
});
