import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** `deaf`: requests arrive and answers do not; `frozen`: neither does, and nobody is told. */
export type LinkState = 'whole' | 'cut' | 'slow' | 'deaf' | 'frozen';

const SLOW_MS = 120;

/** A TCP connection that goes wrong on demand, between a service and what it depends on. */
export class Link {
  state: LinkState = 'whole';
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {}

  static async to(port: number): Promise<Link> {
    const server = createServer({ noDelay: true });
    const link = new Link(server);
    server.on('connection', (near) => link.join(near, port));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return link;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  become(state: LinkState): void {
    this.state = state;
    // Bytes held back would arrive in the middle of a conversation that goes on: what was frozen is broken off.
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
    const far = connect({ port, host: '127.0.0.1', noDelay: true });
    this.forward(near, far, (state) => state === 'frozen');
    this.forward(far, near, (state) => state === 'frozen' || state === 'deaf');
  }

  private forward(from: Socket, to: Socket, loses: (state: LinkState) => boolean): void {
    this.sockets.add(from);
    from.on('error', () => undefined);
    from.on('close', () => {
      this.sockets.delete(from);
      to.destroy();
    });
    from.on('data', (chunk) => {
      if (loses(this.state)) return;
      if (this.state === 'slow') setTimeout(() => to.writable && to.write(chunk), SLOW_MS);
      else to.write(chunk);
    });
  }
}
