import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/**
 * `late`: answers are held back until the link is whole again; `deaf`: requests arrive and answers do not; `frozen`: neither does. Nobody is
 * told of any.
 */
export type LinkState = 'whole' | 'cut' | 'slow' | 'late' | 'deaf' | 'frozen';

const HOST = '127.0.0.1';

export interface LinkOptions {
  /** The server tells its clients where it is, and they go there: they must be told of the link instead. Kafka does so. */
  readonly announces?: boolean;
}

/** A TCP connection that goes wrong on demand, between a service and what it depends on. */
export class Link {
  state: LinkState = 'whole';
  /** How long a slow link holds what it carries, each way. */
  slowMs = 100;
  private readonly sockets = new Set<Socket>();
  private held: (() => void)[] = [];

  private constructor(
    private readonly server: Server,
    private readonly options: LinkOptions,
  ) {}

  static async to(port: number, options: LinkOptions = {}): Promise<Link> {
    const server = createServer({ noDelay: true });
    const link = new Link(server, options);
    server.on('connection', (near) => link.join(near, port));
    server.listen(0, HOST);
    await once(server, 'listening');
    return link;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  become(state: LinkState): void {
    const released = this.state === 'late' && state === 'whole';
    this.state = state;
    const held = this.held.splice(0);
    if (released) return held.forEach((send) => send());
    // Bytes that were lost be missing in the middle of a conversation that goes on: what was frozen is broken off.
    if (state === 'cut' || state === 'whole') this.breakOff();
  }

  close(): void {
    this.breakOff();
    this.server.close();
  }

  private breakOff(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  private join(near: Socket, port: number): void {
    if (this.state === 'cut') return void near.destroy();
    const far = connect({ port, host: HOST, noDelay: true });
    const announce = announcement(port, this.port);
    this.forward(near, far, { loses: (state) => state === 'frozen' });
    this.forward(far, near, {
      loses: (state) => state === 'frozen' || state === 'deaf',
      answers: true,
      ...(this.options.announces && { change: announce }),
    });
  }

  private forward(from: Socket, to: Socket, { loses, answers, change }: Way): void {
    this.sockets.add(from);
    from.on('error', () => undefined);
    from.on('close', () => {
      this.sockets.delete(from);
      to.destroy();
    });
    from.on('data', (chunk) => {
      if (loses(this.state)) return;
      change?.(chunk);
      const send = (): unknown => to.writable && to.write(chunk);
      if (this.state === 'late' && answers) this.held.push(send);
      else if (this.state === 'slow') setTimeout(send, this.slowMs);
      else send();
    });
  }
}

interface Way {
  readonly loses: (state: LinkState) => boolean;
  readonly answers?: boolean;
  readonly change?: (chunk: Buffer) => void;
}

/** Kafka writes an address as the host's text and the port in four bytes: the link's takes no more room than the broker's. */
function announcement(from: number, to: number): (chunk: Buffer) => void {
  const sought = addressBytes(from);
  const told = addressBytes(to);
  return (chunk) => {
    for (let at = chunk.indexOf(sought); at >= 0; at = chunk.indexOf(sought, at + 1)) told.copy(chunk, at);
  };
}

function addressBytes(port: number): Buffer {
  const bytes = Buffer.alloc(HOST.length + 4);
  bytes.write(HOST);
  bytes.writeUInt32BE(port, HOST.length);
  return bytes;
}
