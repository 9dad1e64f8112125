import 'reflect-metadata';
import { parseEnvironment } from '@freshet/service-kit';
import { sections } from './environment.js';
import { start } from './start.js';

const result = parseEnvironment(sections, process.env);
if (result.ok) {
  void start(result.environment).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  });
} else {
  for (const line of result.lines) console.error(line);
  process.exit(1);
}
