import { databaseSection, parseEnvironment, redisSection, type Environment, type Section } from '@freshet/service-kit';
import { OperatorError } from './errors.js';

/** Only what a command needs must be set: `stats` asks for no database. */
export function settingsFor<S extends Record<string, Section<unknown>>>(
  sections: S,
  variables: NodeJS.ProcessEnv,
): Environment<S> {
  const result = parseEnvironment(sections, variables);
  if (result.ok) return result.environment;
  throw new OperatorError(result.lines.join('\n'));
}

export const storeSections = { redis: redisSection };
export const databaseSections = { database: databaseSection };
