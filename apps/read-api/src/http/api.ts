import { type IncomingMessage, type ServerResponse } from 'node:http';
import { type AccessTokens } from '../auth/access-token.js';
import { type Accounts } from '../auth/accounts.js';
import { plainPath } from '../address.js';
import { notFound } from '../api-error.js';
import { StalePlan } from '../errors.js';
import { type Compression } from './compression.js';
import { type Cors } from './cors.js';
import { send, type Admitted, type Exchange } from './exchange.js';
import { type Exports } from './exports.js';
import { replyTo } from './faults.js';
import { isRead, type Methods } from './methods.js';
import { negotiate } from './negotiate.js';
import { type Plans } from './plans.js';
import { NOTHING, respond } from './respond.js';
import { type ResponseTally } from './response-tally.js';

interface ApiParts {
  readonly plans: Plans;
  readonly tokens: AccessTokens;
  readonly accounts: Accounts;
  readonly methods: Methods;
  readonly compression: Compression;
  readonly exports: Exports;
  readonly cors: Cors;
  readonly nowMs: () => number;
  readonly tally: ResponseTally;
  /** Told of every answer of 500 and more. Answers with the name under which it noted the request. */
  readonly onFault: (error: unknown, request: IncomingMessage) => string;
}

const HTML = 'text/html; charset=utf-8';
const DAY_MS = 86_400_000;
/** Said by whoever awaits the same promise later. */
const ignore = (): undefined => undefined;

/** Answers the contract's paths. It stands in front of the framework: a hit is a token check, two lookups and one write. */
export class Api {
  private day = { number: -1, text: '' };

  constructor(private readonly parts: ApiParts) {}

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { cors } = this.parts;
    const preflight = cors.preflight(request);
    if (preflight !== undefined) {
      return respond(request, response, { status: 200, body: NOTHING, contentType: HTML, headers: preflight });
    }
    const address = request.url ?? '/';
    const exchange = { request, response, address, today: this.today(), headers: cors.headersFor(request) };
    const plan = this.parts.plans.of(address, exchange.today);
    try {
      await this.answer(exchange, plan);
    } catch (error) {
      await this.again(exchange, plan, error).catch((fault: unknown) => this.refuse(exchange, fault));
    }
    this.parts.tally.add(plan?.kind === 'plan' ? plan.route : undefined, response.statusCode);
  }

  /** The checks in the contract's order: path, form of the answer, token, account and role, method, parameters. */
  private async answer(exchange: Exchange, plan: ReturnType<Plans['of']>): Promise<void> {
    if (plan === undefined) throw notFound();
    if (plan.kind === 'slash') return redirect(exchange);
    const { tokens, accounts, methods, compression } = this.parts;
    const { request, response, address, today } = exchange;
    const { headers, method } = request;
    negotiate(headers.accept, plan.query['format']);

    const { access } = plan.route;
    const userId = access === 'anyone' ? 0 : tokens.caller(headers.authorization).userId;
    const admission = access === 'anyone' ? undefined : accounts.admit(userId, access);
    if (!isRead(method)) await admission;
    // A read starts beside the account's, so that they share a round trip to Redis; nothing is sent before the account is known to be good.
    const common = ['Allow', plan.allow, ...exchange.headers];
    const admitted: Admitted = { request, response, address, today, headers: common, plan, userId };
    const reply = methods.reply(admitted);
    reply.catch(ignore);
    if (admission !== undefined) await admission;
    const made = await reply;
    if ('pieces' in made) return this.parts.exports.send(admitted, made);
    const sent = compression.apply(made, headers['accept-encoding']);
    send(admitted, sent instanceof Promise ? await sent : sent);
  }

  /** A statement's plan no longer fitted its table. It is forgotten by now, so a second try cannot meet it; a body is read only once. */
  private async again(exchange: Exchange, plan: ReturnType<Plans['of']>, error: unknown): Promise<void> {
    if (!(error instanceof StalePlan) || !isRead(exchange.request.method)) throw error;
    await this.answer(exchange, plan);
  }

  private refuse(exchange: Exchange, error: unknown): void {
    const { request } = exchange;
    const reply = replyTo(error);
    const headers = [...reply.headers];
    if (reply.status >= 500) headers.push('X-Request-Id', this.parts.onFault(error, request));
    // What is left of a refused body would have to be read before the next request.
    if (!isRead(request.method) && !request.complete) headers.push('Connection', 'close');
    send(exchange, { ...reply, headers });
  }

  /** The UTC date, worked out once a day. */
  private today(): string {
    const nowMs = this.parts.nowMs();
    const number = Math.floor(nowMs / DAY_MS);
    if (number !== this.day.number) this.day = { number, text: new Date(nowMs).toISOString().slice(0, 10) };
    return this.day.text;
  }
}

function redirect(exchange: Exchange): void {
  const [path = '', query] = exchange.address.split(/\?(.*)/s);
  const location = query === undefined ? `${plainPath(path)}/` : `${plainPath(path)}/?${query}`;
  send(exchange, { status: 301, body: NOTHING, contentType: HTML, headers: ['Location', location] });
}
