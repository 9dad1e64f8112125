import { type View } from '../../view.js';
import { found } from '../shapes/answer.js';

/** What a new product starts from. The HSN code is a number here and a text everywhere else. */
export const productDefaults: View = {
  name: 'product.defaults',
  shapeVersion: 1,
  models: ['Product'],
  specimens: [{}],
  params: () => ({}),
  load: async () => undefined,
  render: () => found({ hsn_code: 711319, gst_tax_rate: 0.03 }),
};
