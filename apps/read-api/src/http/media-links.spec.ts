import { createHash, createHmac } from 'node:crypto';
import { MediaLinks } from './media-links.js';

const links = new MediaLinks('secret', () => 1_700_000_000_900);

it('a link carries its path, the time of minting and their signature', () => {
  const value = 'bills/a b(1).jpg:1r31eq';
  const key = createHash('sha256')
    .update('billing.mediasigner' + 'secret')
    .digest();
  const signature = createHmac('sha256', key).update(value).digest('base64url');
  expect(links.linkTo('bills/a b(1).jpg')).toBe(
    `/api/media/bills/a%20b%281%29.jpg?s=bills/a%20b%281%29.jpg%3A${value.split(':')[1]}%3A${signature}`,
  );
});
