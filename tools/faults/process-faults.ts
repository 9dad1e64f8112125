import { setTimeout as pause } from 'node:timers/promises';
import type { ServiceName } from '../e2e/services.js';
import type { PartName } from '../stack/part.js';
import { until } from '../stack/until.js';
import type { Deployment } from './deployment.js';
import type { Fault } from './fault.js';

const SERVICES = ['read-api', 'invalidator'] as const;
/** One freeze in so many outlasts the freshness gate. */
const LONG_FREEZES = 3;
const LONG = 3;
const TAKEN_OVER_MS = 20_000;
const CLOCK_STEPS_MS = [-3_600_000, -20_000, -3000, 3000, 20_000, 3_600_000];

/** What befalls a part or a service as a whole. */
export function processFaults(deployment: Deployment): Fault[] {
  return [
    ...(['postgres', 'redis', 'kafka', 'connect'] as const).flatMap((part) => partFaults(deployment, part)),
    ...SERVICES.flatMap((name) => serviceFaults(deployment, name)),
    ...SERVICES.map((name) => clockStep(deployment, name)),
    ...(['SIGSTOP', 'SIGKILL', 'SIGTERM'] as const).map((signal) => takeOver(deployment, signal)),
  ];
}

function partFaults(deployment: Deployment, part: PartName): Fault[] {
  const { stack } = deployment;
  const dear = part === 'kafka' || part === 'connect'; // they take long to come back
  return [
    {
      name: `kill ${part}`,
      target: part,
      weight: dear ? 1 : 2,
      run: async (ms) => {
        await stack.kill(part);
        await pause(ms / 4);
        await deployment.bringUp(part);
      },
    },
    {
      name: `restart ${part}`,
      target: part,
      weight: dear ? 0.5 : 1,
      run: () => stack.stopPart(part).then(() => deployment.bringUp(part)),
    },
    {
      name: `freeze ${part}`,
      target: part,
      weight: 2,
      run: async (ms) => {
        stack.pause(part);
        await pause(freezeOf(ms));
        stack.resume(part);
      },
    },
  ];
}

function serviceFaults({ services }: Deployment, name: ServiceName): Fault[] {
  const end = (signal: NodeJS.Signals) => async (ms: number) => {
    services[name].signal(signal);
    await pause(ms / 4);
  };
  return [
    { name: `kill ${name}`, target: name, weight: 3, run: end('SIGKILL') },
    { name: `restart ${name}`, target: name, weight: 1, run: end('SIGTERM') },
    {
      name: `freeze ${name}`,
      target: name,
      weight: 2,
      run: async (ms) => {
        services[name].signal('SIGSTOP');
        await pause(freezeOf(ms));
        services[name].signal('SIGCONT');
      },
    },
  ];
}

/** The host's clock jumps there and back, at times with a start of the service in between. */
function clockStep({ services, clocks }: Deployment, name: ServiceName): Fault {
  return {
    name: `clock of ${name} steps`,
    target: name,
    weight: 2,
    run: async (ms) => {
      await clocks[name].step(CLOCK_STEPS_MS[ms % CLOCK_STEPS_MS.length] ?? 0);
      await pause(ms / 2);
      if (ms % 4 === 0) services[name].signal('SIGKILL');
      await pause(ms / 2);
      await clocks[name].step(0);
    },
  };
}

const GONE = { SIGSTOP: 'frozen', SIGKILL: 'killed', SIGTERM: 'stopped' };

/** Another invalidator takes over. A frozen one wakes up in the middle of what it was doing, while the other one is active; then that one goes. */
function takeOver({ services: { invalidator }, substitute }: Deployment, signal: keyof typeof GONE): Fault {
  return {
    name: `another invalidator takes over from one that is ${GONE[signal]}`,
    target: 'invalidator',
    weight: 1,
    run: async (ms) => {
      try {
        await substitute.start();
        invalidator.signal(signal);
        await until('the other one to be active', TAKEN_OVER_MS, async () => (await substitute.role()) === 'active');
        await pause(ms / 2);
        invalidator.signal('SIGCONT');
        await pause(ms / 2);
      } finally {
        invalidator.signal('SIGCONT');
        await substitute.stop('SIGKILL');
      }
    },
  };
}

function freezeOf(ms: number): number {
  return ms % LONG_FREEZES === 0 ? ms * LONG : ms;
}
