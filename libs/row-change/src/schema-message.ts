import { type Change, type ChangeOrigin, type TableRef } from './row-change.js';

/** The event trigger's messages carry this prefix: `{"command": "ALTER TABLE", "tables": [{"schema": "public", "table": "customer"}]}`. */
const PREFIX = 'freshet.ddl';

/**
 * A schema change told by a logical message; undefined where the message is somebody else's. Content of ours that cannot be read still
 * says that the schema changed: then any table may have.
 */
export function schemaChange(message: Readonly<Record<string, unknown>>, origin: ChangeOrigin): Change | undefined {
  if (message['prefix'] !== PREFIX) return undefined;
  const { command, tables } = readContent(message['content']);
  return {
    kind: 'schema-change',
    command: typeof command === 'string' ? command : 'unknown',
    tables: Array.isArray(tables) && tables.every(isTableRef) ? tables.map(bare) : [],
    ...origin,
  };
}

function readContent(content: unknown): { command?: unknown; tables?: unknown } {
  if (typeof content !== 'string') return {};
  try {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(bytesOf(content)));
    return typeof parsed === 'object' && parsed !== null ? parsed : {};
  } catch {
    return {};
  }
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function isTableRef(value: unknown): value is TableRef {
  if (typeof value !== 'object' || value === null) return false;
  const { schema, table } = value as Record<string, unknown>;
  return typeof schema === 'string' && typeof table === 'string';
}

function bare({ schema, table }: TableRef): TableRef {
  return { schema, table };
}
