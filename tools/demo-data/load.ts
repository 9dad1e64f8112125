import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Cell, Table } from './table.js';
import { tables } from './tables.js';
import { buildWorld, type Scale } from './world.js';

const CHUNK_BYTES = 256 * 1024;

/** Told after each piece how many rows have gone in, of all tables together. */
export type Progress = (rows: number) => void;

/** Fills the tables unless a business exists already. Returns whether it did. */
export async function loadDemoData(
  ownerUrl: string,
  scale: Scale,
  progress: Progress = () => undefined,
): Promise<boolean> {
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    if ((await client.query('SELECT FROM billing_business LIMIT 1')).rowCount !== 0) return false;
    await client.query('BEGIN');
    // Foreign keys hold by construction; checking four million of them one by one would take longer than writing the rows.
    await client.query('SET LOCAL session_replication_role = replica');
    let rows = 0;
    for (const table of tables(buildWorld(scale))) {
      await copy(client, table, (count) => progress((rows += count)));
      await client.query(
        `SELECT setval(pg_get_serial_sequence($1, 'id'), (SELECT max(id) FROM ${client.escapeIdentifier(table.name)}))`,
        [table.name],
      );
    }
    await client.query('COMMIT');
    await client.query('ANALYZE');
    return true;
  } finally {
    await client.end(); // an open transaction is rolled back
  }
}

async function copy(client: Client, { name, columns, rows }: Table, loaded: (count: number) => void): Promise<void> {
  const target = client.query(
    copyFrom(`COPY ${name} (${columns.map((column) => `"${column}"`).join(', ')}) FROM STDIN`),
  );
  await pipeline(Readable.from(chunks(rows, loaded)), target);
}

function* chunks(rows: Iterable<readonly Cell[]>, loaded: (count: number) => void): Iterable<Buffer> {
  let text = '';
  let count = 0;
  for (const row of rows) {
    text += `${row.map(copyText).join('\t')}\n`;
    count++;
    if (text.length < CHUNK_BYTES) continue;
    yield Buffer.from(text);
    loaded(count);
    text = '';
    count = 0;
  }
  if (count > 0) yield Buffer.from(text);
  loaded(count);
}

export function copyText(cell: Cell): string {
  if (cell === null) return '\\N';
  if (typeof cell !== 'string') return String(cell);
  return cell.replace(/[\\\t\n\r]/g, (c) => ({ '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' })[c] ?? c);
}
