import { type Rendered } from '../../view.js';

export function found<Answer>(value: Answer): Rendered<Answer> {
  return { status: 200, body: JSON.stringify(value) };
}

/** An absent row is an answer like any other: it is stored, and goes when such a row appears. */
export function missing(model: string): Rendered<never> {
  return { status: 404, body: JSON.stringify({ detail: `No ${model} matches the given query.` }) };
}
