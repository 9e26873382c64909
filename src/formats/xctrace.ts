import type { Claim, Format } from './format.ts';
import { decodeText } from './text/lines.ts';

/**
 * The XML that Apple's `xcrun xctrace export --xpath` writes of a Time Profiler or CPU Profiler table (Instruments):
 * one `<row>` a sample. Values are written once with an `id` and then named by `ref`. Read as a stream: memory grows
 * with what is distinct and with a few numbers a sample, not with the file.
 */
export const xctrace: Format = {
  id: 'xctrace',
  title: 'Instruments (xctrace export)',
  detect,
  dialects: new Map([
    [
      'inferno',
      async (input, notes) => (await import('./compat/inferno-xctrace.ts')).readXctraceAsInferno(input, notes),
    ],
  ]),
  read: async (input, notes) => (await import('./xctrace/read-xctrace.ts')).readXctrace(input, notes),
};

function detect(head: Uint8Array): Claim {
  return /^\s*(?:<\?xml[^>]*>\s*)?<trace-(?:query-result|toc)[\s>]/.test(decodeText(head)) ? 'yes' : 'no';
}
