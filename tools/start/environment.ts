import { DEVELOPMENT_SECRET_KEY } from '@freshet/service-kit';
import { placeFrom, portsOf, type Place } from '../stack/place.js';
import type { ServicePorts } from './services.js';

export interface Surroundings {
  readonly place: Place;
  readonly ports: ServicePorts;
  readonly secretKey: string;
}

/** The services listen on their well-known ports; those of a stack on ports of its own sit beside that stack's. */
export function surroundings(env: NodeJS.ProcessEnv): Surroundings {
  const place = placeFrom(env);
  const { readApi, invalidator } = portsOf(place.portsFrom);
  const elsewhere = env['FRESHET_STACK_PORTS_FROM'] !== undefined;
  return {
    place,
    ports: elsewhere ? { 'read-api': readApi, invalidator } : { 'read-api': 3000, invalidator: 3001 },
    secretKey: env['DJANGO_SECRET_KEY'] ?? DEVELOPMENT_SECRET_KEY,
  };
}
