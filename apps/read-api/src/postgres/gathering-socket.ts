import { Socket } from 'node:net';

type Write = Socket['write'];

/**
 * Sends what is written in one turn of the event loop as one packet: the beginning of a transaction and the statements behind it are one
 * call of the kernel, and the server is woken once.
 */
export class GatheringSocket extends Socket {
  private gathering = false;

  override readonly write: Write = (...args: unknown[]): boolean => {
    if (!this.gathering) {
      this.gathering = true;
      this.cork();
      process.nextTick(() => {
        this.gathering = false;
        this.uncork();
      });
    }
    return super.write(...(args as Parameters<Write>));
  };
}
