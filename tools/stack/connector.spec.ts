import { connectorSettings } from './connector.js';

const VALUES = {
  DATABASE_HOST: 'db.example',
  DATABASE_PORT: '5432',
  DATABASE_NAME: 'billing',
  CDC_USER: 'cdc',
  CDC_PASSWORD: 'secret',
};

/** What safety hangs on, and why. */
const NEEDED: readonly (readonly [name: string, value: string, why: string])[] = [
  ['plugin.name', 'pgoutput', 'carries logical messages and truncates'],
  [
    'publication.autocreate.mode',
    'disabled',
    'a publication made by the connector would lack truncates, and the owner would not know',
  ],
  ['slot.drop.on.stop', 'false', 'changes made while the connector is away wait in the slot'],
  ['snapshot.mode', 'when_needed', 'whoever lost his place in the log says so by reading rows anew, and goes on'],
  ['snapshot.include.collection.list', 'public\\.freshet_heartbeat', 'one row is enough to say it'],
  ['skipped.operations', 'none', 'the default leaves out truncates'],
  ['skip.messages.without.change', 'false', 'an update of a column that the log leaves out is still a change'],
  ['event.processing.failure.handling.mode', 'fail', 'an event that is skipped is an entry that stays stale'],
  ['errors.tolerance', 'none', 'as above, for what Kafka Connect itself would skip'],
  ['errors.max.retries', '-1', 'a database that is away for long comes back to a connector that still tries'],
  ['tombstones.on.delete', 'false', 'the topic is a log of changes, not a table'],
  ['extended.headers.enabled', 'false', 'nobody reads them, and each record would be a fifth longer'],
  ['heartbeat.interval.ms', '1000', 'the watermark moves while the database is idle'],
  ['decimal.handling.mode', 'string', 'a double is not the number that was stored'],
  ['time.precision.mode', 'isostring', 'microseconds survive'],
  ['column.exclude.list', 'public\\.auth_user\\.password', 'password hashes stay in the database'],
  ['transforms.route.replacement', 'freshet.changes', 'one topic keeps the order of the log across tables'],
  ['topic.creation.default.partitions', '1', 'one partition keeps it too'],
  ['topic.creation.default.cleanup.policy', 'delete', 'compaction would drop changes of rows that changed again'],
  ['producer.override.acks', 'all', 'a change the broker has not stored is not delivered'],
  ['producer.override.enable.idempotence', 'true', 'retries neither repeat nor reorder'],
  ['producer.override.compression.type', 'none', 'the consumer reads no codec but gzip'],
  ['value.converter.schemas.enable', 'false', 'the envelope is the message itself'],
];

test.each(NEEDED)('%s is %s: %s', async (name, value) => {
  expect((await connectorSettings(VALUES))[name]).toBe(value);
});

test('a change reaches the topic within milliseconds: the connector looks for news every 5 to 10', async () => {
  const { 'poll.interval.ms': poll } = await connectorSettings(VALUES);
  expect(Number(poll)).toBeGreaterThanOrEqual(5);
  expect(Number(poll)).toBeLessThanOrEqual(10);
});

test('a heartbeat says all that it can say', async () => {
  const { 'heartbeat.action.query': heartbeat } = await connectorSettings(VALUES);
  expect(heartbeat).toBe('SELECT freshet_heartbeat_next()');
});

test('rows, truncates and schema messages all take the route to the one topic, the heartbeat of the connector itself does not', async () => {
  const { 'transforms.route.regex': regex, 'message.prefix.include.list': prefix } = await connectorSettings(VALUES);
  const routed = new RegExp(`^(?:${String(regex)})$`);
  expect(['freshet.public.billing_invoice', 'freshet.message'].every((topic) => routed.test(topic))).toBe(true);
  expect(routed.test('__debezium-heartbeat.freshet')).toBe(false);
  expect(new RegExp(`^(?:${String(prefix)})$`).test('freshet.ddl')).toBe(true);
});

test('a message as large as the topic allows is one that the producer sends', async () => {
  const settings = await connectorSettings(VALUES);
  expect(settings['producer.override.max.request.size']).toBe(settings['topic.creation.default.max.message.bytes']);
});

test('every open place is filled, and one without a value is an error that names it', async () => {
  const settings = await connectorSettings(VALUES);
  expect(settings['database.hostname']).toBe('db.example');
  expect(JSON.stringify(settings)).not.toContain('${');
  await expect(connectorSettings({ ...VALUES, CDC_USER: undefined as unknown as string })).rejects.toThrow('CDC_USER');
});
