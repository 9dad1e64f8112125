import { type IncomingMessage, type ServerResponse } from 'node:http';
import { AskedRequest } from './asked.js';
import { type MediaLinks } from './media-links.js';
import { type Origins } from './origin.js';
import { type Plan } from './plans.js';
import { respond, type Reply } from './respond.js';

/** One request on its way through the checks. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly address: string;
  readonly today: string;
  /** The headers that every answer to this request carries, names and values in turn. */
  readonly headers: readonly string[];
}

/** An exchange that passed the checks. */
export interface Admitted extends Exchange {
  readonly plan: Plan;
  /** 0 where anyone may ask. */
  readonly userId: number;
}

export function send({ request, response, headers }: Exchange, reply: Reply): void {
  respond(request, response, reply, headers);
}

/** What the view is told; made only where it is needed, as most hits need nothing of it. */
export function askedRequest(
  { request, address, today, plan, userId }: Admitted,
  { origins, mediaLinks }: { readonly origins: Origins; readonly mediaLinks: MediaLinks },
): AskedRequest {
  return new AskedRequest(plan.path, plan.query, {
    address,
    today,
    userId,
    origin: () => origins.originOf(request),
    mediaLink: (path) => mediaLinks.linkTo(path),
  });
}
