import { type Params } from '@freshet/cache-keys';
import { fillLinks, originHole } from '../../links.js';
import { type View } from '../../view.js';
import { found } from '../shapes/answer.js';

const LISTS = ['businesses', 'customers', 'invoices', 'line-items', 'products', 'audit-logs'];

/** Where the lists are. */
export const apiRoot: View<Params, undefined> = {
  name: 'api.root',
  shapeVersion: 1,
  models: [],
  specimens: [{}],
  params: () => ({}),
  load: async () => undefined,
  render: () => found(Object.fromEntries(LISTS.map((list) => [list, originHole(`/api/${list}/`)]))),
  finish: fillLinks,
};
