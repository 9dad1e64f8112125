import { type EntryRead } from '@freshet/cache-engine';
import { controlKeys, type TableName, tableName } from '@freshet/cache-keys';
import { coalesce, compileMatcher, type FactsOf, type Footprint, type TableFacts } from '@freshet/footprint';
import { parseEnvelope, type RowChange } from '@freshet/row-change';
import { type BareConsumer } from './peers/bare-consumer.js';
import { type Scene } from './scene.js';

export const UNEXPLAINED = 'not explained';

/** The row changes that came after so many batches. */
export function changesSince(bare: BareConsumer, from: number): readonly RowChange[] {
  return bare.arrivals
    .slice(from)
    .flatMap(({ records }) => records.map(({ value }) => parseEnvelope(value)))
    .flatMap((parsed) => (parsed.kind === 'change' && parsed.change.kind === 'row' ? [parsed.change] : []));
}

/** Which test let an entry go, as the invalidator decides: transaction by transaction. */
export async function explainer(
  { redis }: Scene,
  changes: readonly RowChange[],
): Promise<(reads: readonly EntryRead[]) => string> {
  const facts = new Map(
    Object.entries(await redis.hgetall(controlKeys.facts)).map(([name, text]) => [
      name as TableName,
      JSON.parse(text) as TableFacts,
    ]),
  );
  const factsOf: FactsOf = ({ schema, table }) => facts.get(tableName(schema, table));
  const footprints = await redis.hgetall(controlKeys.footprints);
  const transactions = [...new Set(changes.map(({ xid }) => xid))].map((xid) => changes.filter((c) => c.xid === xid));
  return (reads) => {
    for (const own of transactions) {
      const net = coalesce(own, factsOf);
      for (const { statement, values } of reads) {
        const footprint = JSON.parse(footprints[statement] ?? 'null') as Footprint | null;
        const verdict = footprint === null ? undefined : compileMatcher(footprint).bind(values)(net, factsOf);
        if (verdict?.matters === true) return `${footprint?.name}: ${verdict.because}`;
      }
    }
    return UNEXPLAINED;
  };
}
