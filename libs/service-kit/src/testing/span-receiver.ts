import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A span as OTLP writes it in JSON. */
export interface ReceivedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  /** By name. */
  readonly facts: Readonly<Record<string, unknown>>;
  readonly events: readonly string[];
  readonly failed: boolean;
  readonly service: unknown;
}

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}
interface Sent {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly SentSpan[] }[];
  }[];
}
interface SentSpan extends Omit<ReceivedSpan, 'facts' | 'events'> {
  readonly attributes: readonly Attribute[];
  readonly events: readonly { readonly name: string }[];
  readonly status: { readonly code: number };
}

const FAILED = 2;

/** Takes spans over HTTP, as a collector would. */
export class SpanReceiver {
  readonly spans: ReceivedSpan[] = [];
  /** All that came, word for word. */
  received = '';

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<SpanReceiver> {
    const server = createServer((request, response) => {
      void text(request).then((sent) => {
        receiver.received += sent;
        if (request.url === '/v1/traces') receiver.spans.push(...spansOf(JSON.parse(sent) as Sent));
        response.end('{}');
      });
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const receiver = new SpanReceiver(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return receiver;
  }

  named(name: string): readonly ReceivedSpan[] {
    return this.spans.filter((span) => span.name === name);
  }

  async stop(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }
}

function spansOf({ resourceSpans }: Sent): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = factsOf(resource.attributes)['service.name'];
    return scopeSpans.flatMap(({ spans }) => spans.map((span) => spanOf(span, service)));
  });
}

function spanOf(span: SentSpan, service: unknown): ReceivedSpan {
  const { name, traceId, spanId, parentSpanId, attributes, events, status } = span;
  const seen = {
    facts: factsOf(attributes),
    events: events.map((event) => event.name),
    failed: status.code === FAILED,
  };
  return { name, traceId, spanId, parentSpanId, ...seen, service };
}

function factsOf(attributes: readonly Attribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
