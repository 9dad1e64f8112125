import { type View } from '../../view.js';
import { found } from '../shapes/answer.js';

/** Answers that never change: they tell that an importer or a report can be asked. */
function readyView(name: string, message: string): View {
  return {
    name,
    shapeVersion: 1,
    models: [],
    specimens: [{}],
    params: () => ({}),
    load: async () => undefined,
    render: () => found({ message }),
  };
}

export const reportReady = readyView('report.ready', 'Report API ready');
export const csvReady = readyView('csv.ready', 'CSV Import API ready');
