import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '../demo-data/random.js';
import type { Deployment, LinkName } from './deployment.js';
import type { Fault } from './fault.js';
import type { LinkState } from './link.js';
import { logFaults } from './log-faults.js';
import { processFaults } from './process-faults.js';
import { storeFaults } from './store-faults.js';

const SLOWEST_MS = 800;

/** Everything that can go wrong. */
export function faultsOf(deployment: Deployment, random: Random): readonly Fault[] {
  return [
    ...processFaults(deployment),
    ...(Object.keys(deployment.links) as LinkName[]).flatMap((name) => linkFaults(deployment, name, random)),
    ...storeFaults(deployment),
    ...logFaults(deployment, random),
  ];
}

function linkFaults({ links }: Deployment, name: LinkName, random: Random): Fault[] {
  const states: readonly LinkState[] = ['cut', 'slow', 'late', 'deaf', 'frozen'];
  return states.map((state) => ({
    name: `${name} ${state}`,
    target: name,
    weight: 0.7,
    run: async (ms) => {
      links[name].slowMs = SLOWEST_MS * random.unit();
      links[name].become(state);
      await pause(ms);
      links[name].become('whole');
    },
  }));
}
