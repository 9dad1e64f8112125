import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** What a peer answers with. */
export type PeerCommand = 'peer-constant' | 'peer-sql';

/** A plain `node:http` server to stand beside the read API, in a process of its own. */
export class HttpPeer {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  static async start(command: PeerCommand, input: Buffer): Promise<HttpPeer> {
    // The bundle that runs now knows the server as a hidden command.
    const child = spawn(process.execPath, [process.argv[1] ?? '', command], { stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin.end(input);
    const [port] = (await once(child.stdout, 'data')) as [Buffer];
    return new HttpPeer(child, `http://127.0.0.1:${port.toString().trim()}/`);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
  }
}
