import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { GiveUp, until } from '../stack/until.js';

const FOLDER = resolve('infra/gateway');

/** Host and port of the two applications behind a gateway. */
export interface Behind {
  readonly readApi: string;
  readonly original: string;
}

/** Writes what the server needs into the folder, and says how it is started there to listen on the port. */
type Preparation = (folder: string, port: number, behind: Behind) => Promise<Launch>;

interface Launch {
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

const programs: Readonly<Record<'nginx' | 'haproxy', { readonly debian: string; readonly prepare: Preparation }>> = {
  nginx: { debian: 'nginx-light', prepare: prepareNginx },
  haproxy: { debian: 'haproxy', prepare: prepareHaproxy },
};

/** A real server with the configuration of infra/gateway, in a folder and on a port of its own. */
export class Gateway {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
    private readonly folder: string,
  ) {}

  static async start(program: keyof typeof programs, behind: Behind): Promise<Gateway> {
    const { debian, prepare } = programs[program];
    const path = `${process.env['PATH'] ?? ''}:/usr/sbin`;
    if (spawnSync(program, ['-v'], { env: { PATH: path } }).error !== undefined) {
      throw new Error(`${program} is missing: apt-get install -y --no-install-recommends ${debian}`);
    }
    const folder = await mkdtemp(join(tmpdir(), `freshet-${program}-`));
    await cp(FOLDER, folder, { recursive: true });
    const port = await freePort();
    const { args, env } = await prepare(folder, port, behind);
    const child = spawn(program, args, { env: { PATH: path, ...env }, stdio: ['ignore', 'ignore', 'pipe'] });
    const complaints: string[] = [];
    child.stderr?.on('data', (chunk: Buffer) => complaints.push(chunk.toString()));
    const gateway = new Gateway(`http://127.0.0.1:${port}`, child, folder);
    await until(`${program} to answer`, 10_000, async () => {
      if (child.exitCode !== null) throw new GiveUp(`${program} ended: ${complaints.join('')}`);
      return (await fetch(gateway.url)).status > 0;
    });
    return gateway;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.kill('SIGTERM')) await once(this.child, 'exit');
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** The site as it is shipped, with three addresses fitted in, under a main file that keeps everything in the folder. */
async function prepareNginx(folder: string, port: number, { readApi, original }: Behind): Promise<Launch> {
  const site = await readFile(join(folder, 'nginx.conf'), 'utf8');
  const fitted = site
    .replaceAll('127.0.0.1:3000', readApi)
    .replaceAll('127.0.0.1:8000', original)
    .replace('listen 8080;', `listen 127.0.0.1:${port};`);
  await writeFile(join(folder, 'site.conf'), fitted);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${name};`);
  await writeFile(
    join(folder, 'main.conf'),
    `daemon off; worker_processes 1; pid nginx.pid; error_log stderr emerg; events { worker_connections 256; }
     http { access_log off; ${temporary.join(' ')} include site.conf; }`,
  );
  return { args: ['-p', folder, '-c', 'main.conf', '-e', 'stderr'] };
}

async function prepareHaproxy(folder: string, port: number, { readApi, original }: Behind): Promise<Launch> {
  const places = { LISTEN: `127.0.0.1:${port}`, READ_API: readApi, ORIGINAL: original };
  return {
    args: ['-db', '-f', join(folder, 'haproxy.cfg')],
    env: { ...places, PATHS: join(folder, 'freshet-paths.lst') },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
