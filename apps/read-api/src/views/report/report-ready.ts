import { type View } from '../../view.js';
import { found } from '../shapes/answer.js';

/** Answers that never change: they tell that an importer or a report can be asked. */
const ready = { shapeVersion: 1, models: [], specimens: [{}], params: () => ({}), load: async () => undefined };

export const reportReady: View = {
  ...ready,
  name: 'report.ready',
  render: () => found({ message: 'Report API ready' }),
};

export const csvReady: View = {
  ...ready,
  name: 'csv.ready',
  render: () => found({ message: 'CSV Import API ready' }),
};
