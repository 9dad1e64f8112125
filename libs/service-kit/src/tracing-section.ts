import { z } from 'zod';
import { flag, oneOf, url, type Mode } from './values.js';

const DEFAULT_RECEIVER = 'http://localhost:4318';

export interface TracingConfig {
  /** Where spans are sent (OTLP over HTTP); undefined: nothing is traced. */
  readonly receiver: string | undefined;
  /** Absent: the name that the service gives itself. */
  readonly serviceName: string | undefined;
}

const receiver = () => url('an http:// URL', 'http:', 'https:').transform((u) => u.href);

/**
 * OpenTelemetry's own variables, those that decide whether and where. The rest (headers, time-outs, sampler, batches) its packages read
 * themselves.
 */
export const tracingSection = (_mode: Mode): z.ZodType<TracingConfig> =>
  z
    .object({
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver().optional(),
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: receiver().optional(),
      OTEL_TRACES_EXPORTER: oneOf('otlp', 'none').optional(),
      OTEL_SDK_DISABLED: flag().default(false),
      OTEL_SERVICE_NAME: z.string().optional(),
    })
    .transform((v) => {
      const asked = v.OTEL_TRACES_EXPORTER === 'otlp' ? DEFAULT_RECEIVER : undefined;
      const base = v.OTEL_EXPORTER_OTLP_ENDPOINT ?? asked;
      const traces = base === undefined ? undefined : `${base.replace(/\/$/, '')}/v1/traces`;
      const off = v.OTEL_SDK_DISABLED || v.OTEL_TRACES_EXPORTER === 'none';
      return {
        receiver: off ? undefined : (v.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? traces),
        serviceName: v.OTEL_SERVICE_NAME,
      };
    });
