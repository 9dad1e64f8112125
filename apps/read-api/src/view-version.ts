import { digest } from '@freshet/cache-keys';
import { type SourceRow, type Statement } from '@freshet/cache-engine';
import { type View } from './view.js';

/** A row in which every column reads `1`: enough for a load to go on to its next statement. */
const ANY_ROW: SourceRow = new Proxy({}, { get: () => '1' });

/** The statements a view sends for its specimens, when every one of them finds a row. */
export async function statementsOf(view: View): Promise<readonly Statement[]> {
  const sent: Statement[] = [];
  for (const params of view.specimens) {
    if (view.streamed !== undefined) sent.push(view.streamed.size(params));
    await view.load(params, (statement) => {
      sent.push(statement);
      return Promise.resolve([ANY_ROW]);
    });
  }
  return sent;
}

/** Part of every key: two versions of the service that differ in SQL or rendering never read each other's entries. */
export async function viewVersion(view: View): Promise<string> {
  const texts = (await statementsOf(view)).map(({ name, text }) => `${name}\n${text}`);
  return digest(JSON.stringify([view.name, view.shapeVersion, [...new Set(texts)].sort()])).slice(0, 12);
}
