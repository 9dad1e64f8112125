import { spawnSync } from 'node:child_process';
import { Client } from 'pg';

jest.setTimeout(180_000);

const SERVER = process.env['FRESHET_TEST_POSTGRES_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';
/** Debian's own, which has Debian's Django. */
const PYTHON = '/usr/bin/python3';
const DATABASE = `freshet_django_${process.pid}`;

async function onServer(sql: string): Promise<void> {
  const client = new Client({ connectionString: SERVER });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

describe('the Django middleware', () => {
  beforeAll(async () => {
    if (spawnSync(PYTHON, ['-c', 'import django, psycopg2']).status !== 0) {
      throw new Error('Django is missing: apt-get install -y --no-install-recommends python3-django python3-psycopg2');
    }
    await onServer(`CREATE DATABASE ${DATABASE}`);
  });
  afterAll(() => onServer(`DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`));

  it('passes its own tests on a real Django and a real PostgreSQL', () => {
    const url = new URL(SERVER);
    url.pathname = `/${DATABASE}`;
    const { stderr, status } = spawnSync(PYTHON, ['-B', '-W', 'ignore', '-m', 'unittest', 'test_freshet_token'], {
      cwd: 'infra/django',
      env: { DATABASE_URL: url.href },
      encoding: 'utf8',
    });
    expect(status === 0 ? '' : stderr).toBe('');
    expect(stderr).toMatch(/Ran \d{2} tests in [\s\S]*\nOK\n$/);
  });
});
