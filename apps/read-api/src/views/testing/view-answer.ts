import { type Query } from '@freshet/cache-engine';
import { ApiError } from '../../api-error.js';
import { type View, type ViewRequest } from '../../view.js';

export interface ViewAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** What a view answers, without a cache: its own statements, rendering and finish. */
export async function viewAnswer(view: View, request: ViewRequest, query: Query): Promise<ViewAnswer> {
  try {
    const params = view.params(request);
    const { status, body, meta = {} } = view.render(await view.load(params, query), params);
    const stored = Buffer.from(body);
    const sent = (view.finish?.({ body: stored, meta }, request, params) ?? stored).toString();
    return { status, body: view.contentType === undefined ? JSON.parse(sent) : sent };
  } catch (error) {
    if (error instanceof ApiError) return { status: error.status, body: error.body };
    throw error;
  }
}
