import { pino, stdSerializers, type Logger } from 'pino';

/** A log of JSON lines on standard output. Errors are written with their message, code and stack; what a request asked for never is. */
export function openLog(level: string): Logger {
  return pino({ level, serializers: { error: stdSerializers.err } });
}
