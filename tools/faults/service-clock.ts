import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';

/** The wall clock of a service's host, which can be stepped. */
export class ServiceClock {
  private constructor(
    private readonly file: string,
    private readonly tell: () => void,
  ) {}

  /** `tell` has the process look at the file again; a later process looks when it starts. */
  static async in(file: string, tell: () => void): Promise<ServiceClock> {
    const clock = new ServiceClock(file, tell);
    await clock.write(0);
    return clock;
  }

  /** To that many milliseconds off the right time. */
  async step(offMs: number): Promise<void> {
    await this.write(offMs);
    this.tell();
  }

  private write(offMs: number): Promise<void> {
    return writeFile(this.file, String(offMs));
  }
}

/** What node is told so that a program runs by such a clock. */
export const clockFlags: readonly string[] = ['--require', resolve('tools/faults/stepping-clock.cjs')];
