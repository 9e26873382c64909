import type { Claim, Format } from './format.ts';
import { decodeText } from './text/lines.ts';

/**
 * Trace events (chrome://tracing, Perfetto's JSON, DevTools' performance panel, React Native's Hermes;
 * "Trace Event Format" by the Chromium project). The first of these that a file holds is read: V8's CPU profiles;
 * `samples` with `stackFrames`; events with a duration (`B` and `E`, `X`), whose time is wall clock.
 */
export const chromeTrace: Format = {
  id: 'chrome-trace',
  title: 'Chrome trace events',
  detect,
  read: async (input, notes) => (await import('./chrome-trace/read-trace.ts')).readTrace(input, notes),
};

function detect(head: Uint8Array): Claim {
  const text = decodeText(head).trimStart();
  if (/^\{/.test(text) && /"traceEvents"\s*:\s*\[/.test(text)) return 'yes';
  const event = /"ph"\s*:\s*"[A-Za-z(),]"/.test(text) && /"(?:ts|pid)"\s*:/.test(text);
  if (event && /^\[\s*\{/.test(text)) return 'yes';
  return event && text.startsWith('{') ? 'maybe' : 'no';
}
