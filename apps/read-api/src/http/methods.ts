import { type Loaded } from '@freshet/cache-engine';
import { type Params } from '@freshet/cache-keys';
import { ApiError } from '../api-error.js';
import { type ViewReader } from '../engine/view-reader.js';
import { fillLinks } from '../links.js';
import { methodsOf, type Route } from '../route.js';
import { type View } from '../view.js';
import { TooLargeToHold } from '../errors.js';
import { type AskedRequest } from './asked.js';
import { cacheHeaders, isUnchanged, STREAMED } from './cache-headers.js';
import { askedRequest, type Admitted } from './exchange.js';
import { type StreamedReply } from './exports.js';
import { json } from './faults.js';
import { FilledLinks } from './filled-links.js';
import { type MediaLinks } from './media-links.js';
import { type Origins } from './origin.js';
import { type Plans } from './plans.js';
import { readOptions } from './read-options.js';
import { BODY_TYPES, bodyOf } from './request-body.js';
import { flatHeaders, type Reply } from './respond.js';

interface MethodParts {
  readonly plans: Plans;
  readonly views: ViewReader;
  readonly origins: Origins;
  readonly mediaLinks: MediaLinks;
}

/** What a route answers to each method. */
export class Methods {
  private readonly filled = new FilledLinks();

  constructor(private readonly parts: MethodParts) {}

  /** @throws ApiError 405 and whatever the view says */
  reply(admitted: Admitted): Promise<Reply | StreamedReply> {
    const { view } = admitted.plan;
    return view !== undefined && isRead(admitted.request.method) ? this.view(admitted, view) : this.other(admitted);
  }

  private async other(admitted: Admitted): Promise<Reply | StreamedReply> {
    const { method = 'GET' } = admitted.request;
    const { route } = admitted.plan;
    if (method === 'POST' && route.post !== undefined) return this.post(admitted, route.post);
    if (method === 'OPTIONS') return { status: 200, body: json(description(route)), headers: [] };
    throw new ApiError(405, { detail: `Method "${method}" not allowed.` }, { Allow: methodsOf(route) });
  }

  private async view(admitted: Admitted, view: View): Promise<Reply | StreamedReply> {
    const { plans, views } = this.parts;
    const { headers } = admitted.request;
    const { plan } = admitted;
    const target = plan.target ?? (await plans.target(plan, view, () => this.asked(admitted)));
    if (target.constant !== undefined) return this.rendered(admitted, view, target.params, target.constant, []);
    const answer = await views.read(view, target.params, target.key, readOptions(headers)).catch(streamedInstead);
    if (answer === undefined) return streamedReply(view, target.params);
    const cache = cacheHeaders(answer);
    const reply = this.rendered(admitted, view, target.params, answer, cache);
    // The body is not sent, but "not modified" must vary as its answer does.
    return isUnchanged(headers['if-none-match'], answer) ? { status: 304, body: reply.body, headers: cache } : reply;
  }

  private rendered(
    admitted: Admitted,
    view: View,
    params: Params,
    loaded: Loaded & { readonly etag?: string },
    headers: readonly string[],
  ): Reply {
    if (loaded.status !== 200) return { status: loaded.status, body: loaded.body, headers };
    const { body, identity } = this.finished(admitted, view, params, loaded);
    return {
      status: 200,
      body,
      identity,
      contentType: view.contentType,
      headers: view.headers === undefined ? headers : [...headers, ...flatHeaders(view.headers(params))],
    };
  }

  /** The stored body with what depends on this request put in. */
  private finished(
    admitted: Admitted,
    view: View,
    params: Params,
    loaded: Loaded & { readonly etag?: string },
  ): { readonly body: Buffer; readonly identity: string | undefined } {
    const { body, etag, meta } = loaded;
    // Most hits: nothing to fill, so the request need not be looked at again.
    if (view.finish === undefined || (view.finish === fillLinks && meta['links'] === false))
      return { body, identity: etag };
    const request = this.asked(admitted);
    if (view.finish !== fillLinks || meta['links'] !== 'steady' || etag === undefined)
      return { body: view.finish(loaded, request, params), identity: undefined };
    return this.filled.of({ ...loaded, etag }, request.origin + request.address, () => fillLinks(loaded, request));
  }

  private async post(admitted: Admitted, post: NonNullable<Route['post']>): Promise<StreamedReply> {
    const { contentType, headers, pieces } = post(await bodyOf(admitted.request), this.asked(admitted));
    return { contentType, headers: flatHeaders(headers), pieces };
  }

  private asked(admitted: Admitted): AskedRequest {
    return askedRequest(admitted, this.parts);
  }
}

export function isRead(method: string | undefined): boolean {
  return method === 'GET' || method === 'HEAD';
}

function streamedInstead(error: unknown): undefined {
  if (!(error instanceof TooLargeToHold)) throw error;
  return undefined;
}

function streamedReply(view: View, params: Params): StreamedReply {
  const { streamed, contentType } = view;
  if (streamed === undefined) throw new RangeError(`${view.name} cannot be streamed`);
  const headers = [...STREAMED, ...flatHeaders(view.headers?.(params))];
  return { pieces: (query) => streamed.pieces(params, query), contentType, headers };
}

/** What OPTIONS says of a path. */
function description(route: Route): object {
  const name = route.views.at(-1)?.view.name ?? route.path.split('/').filter(Boolean).join(' ');
  const title = name.replace(/[._-]/g, ' ').replace(/\b\w/g, (letter) => letter.toUpperCase());
  return { name: title, description: '', renders: ['application/json'], parses: BODY_TYPES };
}
