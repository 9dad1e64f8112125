import type { Command } from './process.js';

export const PART_NAMES = ['postgres', 'redis', 'kafka', 'connect'] as const;
export type PartName = (typeof PART_NAMES)[number];

/** One process that is looked after: a server of the stack, or a service on top of it. */
export interface Part {
  readonly name: string;
  readonly port: number;
  /** A folder of ours that its command line names: how we recognise our own process. */
  readonly home: string;
  readonly command: Command;
  readonly stopSignal: NodeJS.Signals;
  /** What must be on disk before it runs. Safe to run again. */
  prepare(): Promise<void>;
  /** Whether it answers as a client would ask it. */
  ready(): Promise<boolean>;
}
