import { parseEnvelope, type RowChange } from '@freshet/row-change';
import { z } from 'zod';
import { OperatorError } from './errors.js';

const image = z.record(z.string(), z.unknown()).nullish();

/** What a person writes: a table, and the row before and after. */
const shortForm = z.strictObject({ table: z.string().min(1), before: image, after: image });

/** `{"table": "t", "before": {…}, "after": {…}}`, or a whole envelope as it stands in the log. @throws OperatorError */
export function readChange(text: string): RowChange {
  const value = parseJson(text);
  const envelope = isEnvelope(value) ? value : envelopeOf(value);
  const parsed = parseEnvelope(Buffer.from(JSON.stringify(envelope)));
  if (parsed.kind === 'change' && parsed.change.kind === 'row') return parsed.change;
  throw new OperatorError(`--change is not a row change${parsed.kind === 'malformed' ? `: ${parsed.reason}` : ''}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new OperatorError(`--change is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function isEnvelope(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('source' in value || 'payload' in value);
}

function envelopeOf(value: unknown): object {
  const result = shortForm.safeParse(value);
  if (!result.success) throw new OperatorError('--change takes {"table": …, "before": {…}, "after": {…}}');
  const { table, before, after } = result.data;
  if (before == null && after == null) throw new OperatorError('--change has neither a row before nor a row after');
  const [schema, name] = table.includes('.') ? (table.split('.', 2) as [string, string]) : ['public', table];
  const op = before == null ? 'c' : after == null ? 'd' : 'u';
  return { op, before: before ?? null, after: after ?? null, source: { schema, table: name, ts_ms: 0 } };
}
