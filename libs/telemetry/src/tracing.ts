import { type Attributes, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-base';
import { currentRequest, type RequestContext, withRequest } from './request-context.js';

export interface TracingOptions {
  /** `service.name` of every span. */
  service: string;
  /** Where an OpenTelemetry collector takes OTLP over HTTP; without one, traces have ids and are kept by nobody. */
  endpoint?: string | undefined;
  /** The part of the traces that begin here to keep, 0 to 1. A trace that comes from outside says itself whether it is kept. */
  ratio?: number;
  /** In place of the collector, in tests. */
  exporter?: SpanExporter;
}

let provider = providerFor();
let tracer = provider.getTracer('lathe');

/** Begins to keep the spans of this process. */
export function startTracing({ service, endpoint, ratio = 1, exporter }: TracingOptions): void {
  const kept =
    exporter ?? (endpoint ? new OTLPTraceExporter({ url: new URL('/v1/traces', endpoint).href }) : undefined);
  if (!kept) return;
  provider = providerFor(service, kept, new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }));
  tracer = provider.getTracer('lathe');
}

/** Sends what is kept and not sent yet; what the collector does not take within five seconds is lost. Nothing is kept from then on. */
export async function stopTracing(): Promise<void> {
  const stopped = provider;
  provider = providerFor();
  tracer = provider.getTracer('lathe');
  await stopped.shutdown().catch(() => undefined);
}

/** What a span is about: `client` asks and `server` answers, `producer` says and `consumer` hears, `internal` is none of these. */
export type SpanRole = Lowercase<keyof typeof SpanKind>;

/** A span that was begun, for work that no one function does: `within` is the context of that work. */
export interface OpenSpan {
  within: RequestContext;
  set(attributes: Attributes): void;
  /** Marks it by the type of what went wrong, never by its message: that may have what a person wrote in it. */
  fail(type: string): void;
  end(): void;
}

/** Begins a span below the open one of the context, which is the current one unless told. */
export function beginSpan(
  name: string,
  role: SpanRole,
  attributes: Attributes = {},
  context: RequestContext = currentRequest() ?? { requestId: '' },
): OpenSpan {
  const parent = context.trace ? trace.setSpanContext(ROOT_CONTEXT, context.trace) : ROOT_CONTEXT;
  const kind = SpanKind[role.toUpperCase() as keyof typeof SpanKind];
  const span = tracer.startSpan(name, { kind, attributes: { ...attributes, ...idsOf(context) } }, parent);
  const spanContext = span.spanContext();
  return {
    within: { ...context, requestId: context.requestId || spanContext.traceId, trace: spanContext },
    set: (more) => void span.setAttributes(more),
    fail: (type) => void span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', type),
    end: () => span.end(),
  };
}

/** Does work in a span of its own; one that fails is marked by the type of its error. */
export async function inSpan<T>(
  name: string,
  role: SpanRole,
  attributes: Attributes,
  work: (span: OpenSpan) => Promise<T>,
): Promise<T> {
  const span = beginSpan(name, role, attributes);
  try {
    return await withRequest(span.within, () => work(span));
  } catch (error) {
    span.fail(typeOf(error));
    throw error;
  } finally {
    span.end();
  }
}

/** The code of a refusal or a system error, else the class of the error. */
export function typeOf(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  if (typeof code === 'string') return code;
  return error instanceof Error ? error.name : typeof error;
}

const idsOf = ({ requestId, taskId }: RequestContext): Attributes => ({
  ...(requestId ? { 'lathe.request_id': requestId } : {}),
  ...(taskId ? { 'lathe.task_id': taskId } : {}),
});

function providerFor(
  service = 'lathe',
  exporter?: SpanExporter,
  sampler: Sampler = new ParentBasedSampler({ root: new AlwaysOffSampler() }),
): BasicTracerProvider {
  return new BasicTracerProvider({
    sampler,
    resource: resourceFromAttributes({ 'service.name': service }),
    spanProcessors: exporter ? [new BatchSpanProcessor(exporter, { exportTimeoutMillis: 5000 })] : [],
  });
}
