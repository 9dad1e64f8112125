import { Command } from 'commander';
import { placeFrom } from './place.js';
import { startStack } from './stack.js';
import { run } from './command.js';

void run(async () => {
  new Command('npm run stack --')
    .description('Brings up PostgreSQL, Redis, Kafka and Connect with schema and connector, and leaves them running.')
    .parse();
  const stack = await startStack({ ...placeFrom(process.env), log: console.error });
  console.log(`PostgreSQL     ${stack.databaseUrl}   (superuser: ${stack.ownerUrl})`);
  console.log(`Redis          ${stack.redisUrl}`);
  console.log(`Kafka          ${stack.kafkaBroker}   topic ${stack.topic}`);
  console.log(`Kafka Connect  ${stack.connectUrl}`);
  console.log(`for a service run from source: export REDIS_HOST=${stack.redis.host} REDIS_PORT=${stack.redis.port}`);
  console.log(`logs in ${stack.dir}/log; npm run stack:stop ends it`);
});
