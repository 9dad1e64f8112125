import { loadWithBar } from '../demo-data/progress-bar.js';
import type { Scale } from '../demo-data/world.js';
import { startStack } from '../stack/stack.js';
import { composeUp, dockerAnswers, type Servers } from './compose.js';
import { tokenForSomeone } from './demo-token.js';
import type { Surroundings } from './environment.js';
import { adminTokenOf, buildServices, DEVELOPMENT_REDIS_DB, startServices } from './services.js';

/** Everything that somebody who uses it needs to know. */
export interface Running extends Servers {
  /** Value of the `Authorization` header. */
  readonly authorization: string;
  readonly adminToken: string;
}

export interface BringUpOptions extends Surroundings {
  readonly scale: Scale;
  readonly log: (line: string) => void;
}

/** Stack, schema, data, connector and both services, whatever of them does not run yet. */
export async function bringUp(options: BringUpOptions): Promise<Running> {
  const adminToken = await adminTokenOf(options.place.dir);
  const containers = await dockerAnswers();
  if (containers) options.log('a Docker engine answers: everything runs in containers');
  const servers = await (containers ? composeUp({ ...options, adminToken }) : native(options, adminToken));
  const token = await tokenForSomeone(servers.database, options.secretKey);
  return { ...servers, authorization: `Bearer ${token}`, adminToken };
}

async function native({ place, ports, secretKey, scale, log }: BringUpOptions, adminToken: string): Promise<Servers> {
  const seed = (ownerUrl: string) => loadWithBar(ownerUrl, scale, log);
  const [stack] = await Promise.all([startStack({ ...place, log, seed }), buildServices()]);
  await startServices({ stack, ports, secretKey, adminToken, log });
  return {
    readApi: `http://127.0.0.1:${ports['read-api']}`,
    invalidator: `http://127.0.0.1:${ports.invalidator}`,
    database: stack.ownerUrl,
    redis: `${stack.redisUrl}/${DEVELOPMENT_REDIS_DB}`,
    kafka: stack.kafkaBroker,
    psql: [`${stack.postgresBin}/psql`, stack.ownerUrl],
  };
}
