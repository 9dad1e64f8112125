import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Transform } from 'node:stream';

export type Way = 'there' | 'back';

/** A TCP connection to a server that a test can cut and mend. */
export class Cable {
  private readonly sockets = new Set<Socket>();
  private readonly left = { there: Infinity, back: Infinity };
  private whole = true;
  private silent = false;

  private constructor(private readonly server: Server) {}

  static async to(port: number): Promise<Cable> {
    const server = createServer();
    const cable = new Cable(server);
    server.on('connection', (near) => cable.join(near, port));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return cable;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Ends every connection; new ones are ended at once. */
  cut(): void {
    this.whole = false;
    for (const socket of this.sockets) socket.destroy();
  }

  /** Cuts when so many bytes more have gone that way. */
  cutAfter(bytes: number, way: Way): void {
    this.left[way] = bytes;
  }

  /** Connections stay, and nothing gets through any more. */
  hush(): void {
    this.silent = true;
  }

  mend(): void {
    this.whole = true;
    this.silent = false;
    Object.assign(this.left, { there: Infinity, back: Infinity });
  }

  close(): void {
    this.cut();
    this.server.close();
  }

  private join(near: Socket, port: number): void {
    if (!this.whole) return void near.destroy();
    const far = connect(port, '127.0.0.1');
    for (const [from, to, way] of [
      [near, far, 'there'],
      [far, near, 'back'],
    ] as const) {
      this.sockets.add(from);
      from.on('error', () => undefined);
      from.on('close', () => {
        this.sockets.delete(from);
        to.destroy();
      });
      from.pipe(this.counted(to, way)).pipe(to);
    }
  }

  private counted(to: Socket, way: Way): Transform {
    return new Transform({
      transform: (chunk: Buffer, _, done) => {
        if (this.silent) return done();
        const goes = chunk.subarray(0, this.left[way]);
        this.left[way] -= goes.length;
        if (this.left[way] > 0) return done(null, goes);
        to.write(goes, () => this.cut());
      },
    });
  }
}
