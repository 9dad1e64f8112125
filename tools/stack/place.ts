import { resolve } from 'node:path';

const DEFAULT_PORTS_FROM = 15432;

/** Where a stack lives: its folder and the first of its ports. Two stacks differ in both. */
export interface Place {
  readonly dir: string;
  readonly portsFrom: number;
}

/** The last two belong to the services; `npm start` uses them when the stack is not the default one. */
export interface Ports {
  readonly postgres: number;
  readonly redis: number;
  readonly kafka: number;
  readonly kafkaController: number;
  readonly connect: number;
  readonly readApi: number;
  readonly invalidator: number;
}

export function portsOf(portsFrom: number): Ports {
  return {
    postgres: portsFrom,
    redis: portsFrom + 1,
    kafka: portsFrom + 2,
    kafkaController: portsFrom + 3,
    connect: portsFrom + 4,
    readApi: portsFrom + 5,
    invalidator: portsFrom + 6,
  };
}

/** The place that FRESHET_STACK_DIR and FRESHET_STACK_PORTS_FROM name. */
export function placeFrom(env: NodeJS.ProcessEnv): Place {
  const portsFrom = Number(env['FRESHET_STACK_PORTS_FROM'] ?? DEFAULT_PORTS_FROM);
  if (!Number.isInteger(portsFrom) || portsFrom < 1024 || portsFrom > 65_000) {
    throw new Error('FRESHET_STACK_PORTS_FROM must be a whole number from 1024 to 65000');
  }
  return { dir: resolve(env['FRESHET_STACK_DIR'] ?? '.stack'), portsFrom };
}
