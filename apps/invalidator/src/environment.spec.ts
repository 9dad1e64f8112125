import { parseEnvironment } from '@freshet/service-kit';
import { sections } from './environment.js';

const parse = (variables: Record<string, string>) => parseEnvironment(sections, variables);

describe('the environment', () => {
  test('development needs nothing', () => {
    expect(parse({})).toMatchObject({
      ok: true,
      environment: {
        service: { port: 3001 },
        kafka: {
          brokers: [{ host: '127.0.0.1', port: 15_434 }],
          topics: ['freshet.changes'],
          groupId: 'freshet-invalidator',
          tls: undefined,
          sasl: undefined,
        },
      },
    });
  });

  test('production needs brokers and a token for the admin API, and no database', () => {
    const result = parse({ NODE_ENV: 'production' });
    expect(result.ok ? [] : result.lines.map((line) => line.split(':')[0])).toEqual(['ADMIN_TOKEN', 'KAFKA_BROKERS']);
  });

  test('several topics and brokers, TLS and SASL', () => {
    const result = parse({
      KAFKA_BROKERS: 'a:1,b',
      KAFKA_TOPIC: 'one, two',
      KAFKA_TLS: 'true',
      KAFKA_SASL_MECHANISM: 'scram-sha-512',
      KAFKA_SASL_USERNAME: 'u',
      KAFKA_SASL_PASSWORD: 'p',
    });
    expect(result.ok && result.environment.kafka).toMatchObject({
      brokers: [
        { host: 'a', port: 1 },
        { host: 'b', port: 9092 },
      ],
      topics: ['one', 'two'],
      tls: { caFile: undefined },
      sasl: { mechanism: 'scram-sha-512', username: 'u', password: 'p' },
    });
  });

  test('a mechanism without its name and password is refused', () => {
    const result = parse({ KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_USERNAME: 'u' });
    expect(result).toEqual({ ok: false, lines: ['KAFKA_SASL_PASSWORD: is required with KAFKA_SASL_MECHANISM'] });
  });
});
