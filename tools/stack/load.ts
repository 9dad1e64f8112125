// The one-shot job of docker-compose.yml: loads SQL, demo data (into an empty database) and the connector. Safe to run again.
import { loadWithBar } from '../demo-data/progress-bar.js';
import { run } from './command.js';
import { changesFlow, registerConnector } from './connector.js';
import { applySql } from './sql.js';

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} is required`);
  return value;
}

void run(async () => {
  const ownerUrl = variable('OWNER_URL');
  await applySql(ownerUrl, { reader: variable('READER_PASSWORD'), cdc: variable('CDC_PASSWORD') });
  console.log('tables, roles and publication are in place');

  const invoices = Number(variable('DEMO_INVOICES'));
  if (invoices > 0) await loadWithBar(ownerUrl, { invoices, seed: Number(variable('DEMO_SEED')) }, console.log);

  await registerConnector(variable('CONNECT_URL'), {
    DATABASE_HOST: variable('DATABASE_HOST'),
    DATABASE_PORT: variable('DATABASE_PORT'),
    DATABASE_NAME: variable('DATABASE_NAME'),
    CDC_USER: variable('CDC_USER'),
    CDC_PASSWORD: variable('CDC_PASSWORD'),
  });
  await changesFlow(variable('KAFKA_BROKERS'));
  console.log('changes flow from PostgreSQL to Kafka');
});
