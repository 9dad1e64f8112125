import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { Link } from './link.js';

/** Answers each message with what it was sent. */
let echo: Server;
let near: Socket;
let link: Link;

beforeEach(async () => {
  echo = createServer((socket) => socket.on('error', () => undefined).pipe(socket)).listen(0, '127.0.0.1');
  await once(echo, 'listening');
});
afterEach(() => {
  near.destroy();
  link.close();
  echo.close();
});

const join = async (announces = false): Promise<void> => {
  link = await Link.to((echo.address() as AddressInfo).port, { announces });
  near = connect(link.port, '127.0.0.1').on('error', () => undefined);
  await once(near, 'connect');
};
const answer = async (): Promise<string> => String((await once(near, 'data'))[0]);

test('a whole link carries both ways', async () => {
  await join();
  near.write('a');
  expect(await answer()).toBe('a');
});

test('a late link holds answers back, and gives them in their order on the same connection', async () => {
  await join();
  near.write('a');
  await answer();
  link.become('late');
  const other = connect((echo.address() as AddressInfo).port, '127.0.0.1');
  near.write('b');
  for (let trip = 0; trip < 20; trip++) {
    other.write('c'); // all ends are in this process: by now an answer would have come
    await once(other, 'data');
  }
  other.destroy();
  expect(near.bytesRead).toBe(1);
  link.become('whole');
  expect(await answer()).toBe('b');
});

test('a cut link ends its connections', async () => {
  await join();
  near.write('a');
  await answer();
  link.become('cut');
  await once(near, 'close');
});

test('a link that announces puts itself in the place of the server', async () => {
  await join(true);
  const told = Buffer.concat([Buffer.from('127.0.0.1'), Buffer.alloc(4)]);
  told.writeUInt32BE((echo.address() as AddressInfo).port, 9);
  near.write(told);
  const [bytes] = (await once(near, 'data')) as [Buffer];
  expect(bytes.readUInt32BE(9)).toBe(link.port);
});
