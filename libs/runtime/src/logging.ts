import type { LoggerService } from '@nestjs/common';
import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';
import { currentRequest } from '#telemetry';

/** Whatever carries a credential is not written, wherever it turns up. Prompts are never passed to a logger at all. */
const secrets = ['authorization', 'cookie', 'password', 'refresh_token', 'access_token', 'lease_token', 'set-cookie'];

/** One JSON object a line, with the ids of what it is about: the request that entered at the gateway, its trace, and the task. */
export function createLogger(service: string, level: string, destination?: DestinationStream): Logger {
  const options: LoggerOptions = {
    level,
    base: { service },
    mixin: idsOfRequest,
    redact: {
      paths: secrets.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]),
      censor: '[redacted]',
    },
    serializers: {
      req: ({ method, url, id }: { method: string; url: string; id: string }) => ({
        method,
        path: url.split('?')[0],
        id,
      }),
      err: describeError,
    },
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  return destination ? pino(options, destination) : pino(options);
}

function idsOfRequest(): object {
  const request = currentRequest();
  if (!request) return {};
  const { requestId, taskId, trace } = request;
  return {
    request_id: requestId,
    ...(taskId ? { task_id: taskId } : {}),
    ...(trace ? { trace_id: trace.traceId } : {}),
  };
}

/** What went wrong and where, but none of the values it went wrong with: a failed query carries its parameters. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, stack, code } = error as Error & { code?: unknown };
  return { type: name, message, stack, ...(typeof code === 'string' ? { code } : {}) };
}

/** Parts of Nest that write a line for every module and route. */
const chatty = new Set([
  'InstanceLoader',
  'RouterExplorer',
  'RoutesResolver',
  'NestFactory',
  'NestApplication',
  'NestMicroservice',
]);

/** Nest's own log lines and those of our classes, through the same logger. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write(chatty.has(String(rest.at(-1))) ? 'debug' : 'info', message, rest);
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }
  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }
  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }
  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  private write(level: 'info' | 'error' | 'warn' | 'debug' | 'fatal', message: unknown, rest: unknown[]): void {
    const context = rest.at(-1);
    const bindings = typeof context === 'string' && !context.includes('\n') ? { context } : {};
    if (message instanceof Error) this.logger[level]({ ...bindings, err: message });
    else if (typeof message === 'object' && message !== null) this.logger[level]({ ...bindings, ...message });
    else this.logger[level](bindings, String(message));
  }
}
