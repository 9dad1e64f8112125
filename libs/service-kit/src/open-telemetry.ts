import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type Context,
  defaultTextMapGetter,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { type SpanFacts, type Tracing } from './tracing.js';

const LAST_SPANS_MS = 2000;
const propagator = new W3CTraceContextPropagator();

/** Spans sent to a receiver in batches. Which span is open goes with the work itself; nothing global is registered. */
export class OpenTelemetry implements Tracing {
  private readonly open = new AsyncLocalStorage<Span>();
  private readonly provider: BasicTracerProvider;
  private readonly tracer: Tracer;

  constructor(receiver: string, serviceName: string) {
    this.provider = new BasicTracerProvider({
      resource: defaultResource().merge(resourceFromAttributes({ 'service.name': serviceName })),
      spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: receiver }))],
    });
    this.tracer = this.provider.getTracer('freshet');
  }

  request<T>(name: string, headers: Readonly<Record<string, unknown>>, work: () => Promise<T>): Promise<T> {
    const caller = propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
    return this.run(this.tracer.startSpan(name, { kind: SpanKind.SERVER }, caller), work);
  }

  within<T>(name: string, facts: SpanFacts, work: () => T): T {
    const parent = this.open.getStore();
    if (parent === undefined) return work();
    return this.run(this.start(name, SpanKind.CLIENT, facts, trace.setSpan(ROOT_CONTEXT, parent)), work);
  }

  alone<T>(name: string, facts: SpanFacts, work: () => Promise<T>): Promise<T> {
    return this.run(this.start(name, SpanKind.CONSUMER, facts, ROOT_CONTEXT), work);
  }

  note(facts: SpanFacts, name?: string): void {
    const span = this.open.getStore();
    span?.setAttributes(facts);
    if (name !== undefined) span?.updateName(name);
  }

  mark(name: string, facts: SpanFacts): void {
    this.open.getStore()?.addEvent(name, facts);
  }

  /** A receiver that is away keeps nobody from ending. */
  async stop(): Promise<void> {
    const sent = this.provider.shutdown().catch(() => undefined);
    await Promise.race([sent, pause(LAST_SPANS_MS, undefined, { ref: false })]);
  }

  private start(name: string, kind: SpanKind, attributes: SpanFacts, parent: Context): Span {
    return this.tracer.startSpan(name, { kind, attributes }, parent);
  }

  private run<T>(span: Span, work: () => T): T {
    const failed = (error: unknown): never => {
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'error' });
      span.end();
      throw error;
    };
    try {
      const result = this.open.run(span, work);
      if (!(result instanceof Promise)) return ended(span, result);
      return result.then((value: unknown) => ended(span, value), failed) as T;
    } catch (error) {
      return failed(error);
    }
  }
}

function ended<T>(span: Span, value: T): T {
  span.end();
  return value;
}
