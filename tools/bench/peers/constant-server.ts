import { createServer } from 'node:http';

/** The peer of a hit: a process of its own that answers every request with the bytes it was given on standard input. */
export async function serveConstant(): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const headers = { 'Content-Type': 'application/json', 'Content-Length': String(body.length) };
  const server = createServer((_request, response) => {
    response.writeHead(200, headers);
    response.end(body);
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    console.log(typeof address === 'object' ? address?.port : address);
  });
  process.on('SIGTERM', () => process.exit(0));
}
