import { signatureOf } from './signature.js';

const folder: Readonly<Record<string, Buffer>> = {
  'a b/s.jpg': Buffer.from([0xff, 0xd8, 0xff, 0xe0]),
  's.png': Buffer.from('PNG'),
};
const readMedia = async (path: string): Promise<Buffer | null> => folder[path] ?? null;

test('a signature is a data URL whose kind follows its first bytes', async () => {
  expect(await signatureOf({ signature_image: 'a b/s.jpg' }, readMedia)).toBe('data:image/jpeg;base64,/9j/4A==');
  expect(await signatureOf({ signature_image: 's.png' }, readMedia)).toBe('data:image/png;base64,UE5H');
});

test('without a name or a file there is none', async () => {
  for (const signature_image of [null, '', 'gone.png']) {
    expect(await signatureOf({ signature_image }, readMedia)).toBeNull();
  }
});
