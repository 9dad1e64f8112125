import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A `node:http` server that answers everything with one body, in a process of its own. */
export class ConstantPeer {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  static async start(body: Buffer): Promise<ConstantPeer> {
    // The bundle that runs now knows the server as a hidden command.
    const child = spawn(process.execPath, [process.argv[1] ?? '', 'peer-http'], { stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin.end(body);
    const [port] = (await once(child.stdout, 'data')) as [Buffer];
    return new ConstantPeer(child, `http://127.0.0.1:${port.toString().trim()}/`);
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
