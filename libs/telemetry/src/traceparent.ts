import type { SpanContext } from '@opentelemetry/api';
import { parseTraceParent } from '@opentelemetry/core';

/** The header of HTTP and AMQP that carries a trace, and the field of a worker's job (W3C Trace Context §3.2). */
export const traceparentHeader = 'traceparent';

/** The span that a `traceparent` names; undefined when there is none or it is malformed: a new trace begins then (§3.3). */
export const traceOf = (traceparent: unknown): SpanContext | undefined =>
  (typeof traceparent === 'string' && parseTraceParent(traceparent)) || undefined;

/** A span as a `traceparent` of version 00. `tracestate` is not carried on. */
export const traceparentOf = ({ traceId, spanId, traceFlags }: SpanContext): string =>
  `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
