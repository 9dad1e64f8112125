import { type TracingConfig } from './tracing-section.js';

export type SpanFacts = Readonly<Record<string, string | number | boolean>>;

/** What our code says of its work; a span is open while its work runs, and everything that the work starts lies within. */
export interface Tracing {
  /** Work that a caller asked for: it continues the trace that `traceparent` names. */
  request<T>(name: string, headers: Readonly<Record<string, unknown>>, work: () => Promise<T>): Promise<T>;
  /** Work that goes out: to Redis, to PostgreSQL. Nothing but a call where no span is open. */
  within<T>(name: string, facts: SpanFacts, work: () => T): T;
  /** Work that nobody asked for. */
  alone<T>(name: string, facts: SpanFacts, work: () => Promise<T>): Promise<T>;
  /** Adds to what is known of the open span; a second name takes the place of the first. */
  note(facts: SpanFacts, name?: string): void;
  /** Something that happened within the open span. */
  mark(name: string, facts: SpanFacts): void;
  /** Sends what was not sent yet. */
  stop(): Promise<void>;
}

/** Undefined when nobody asked for traces: then not even the packages are loaded. */
export async function startTracing(
  { receiver, serviceName }: TracingConfig,
  name: string,
): Promise<Tracing | undefined> {
  if (receiver === undefined) return undefined;
  const { OpenTelemetry } = await import('./open-telemetry.js');
  return new OpenTelemetry(receiver, serviceName ?? name);
}

/** The same port, whose every call is a span. */
export function traced<Port extends object>(port: Port, name: string, tracing: Tracing): Port {
  return new Proxy(port, {
    get(target, property) {
      const member: unknown = Reflect.get(target, property, target);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]): unknown =>
        tracing.within(`${name} ${String(property)}`, {}, () => Reflect.apply(member, target, args) as unknown);
    },
  });
}
