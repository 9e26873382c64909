import type { Claim, Format } from './format.ts';
import { headLines } from './text/lines.ts';

/**
 * Output of valgrind's callgrind and cachegrind, of Xdebug and others
 * (https://valgrind.org/docs/manual/cl-format.html, version 1). It holds a call graph, no stacks: callers further up
 * than the next are estimated. Every event is a value type; the file's first is the default.
 */
export const callgrind: Format = {
  id: 'callgrind',
  title: 'callgrind output',
  detect,
  read: async (input, notes) => (await import('./callgrind/read-callgrind.ts')).readCallgrind(input, notes),
};

function detect(head: Uint8Array): Claim {
  const lines = headLines(head);
  if (/^# callgrind format/.test(lines[0]!)) return 'yes';
  const has = (pattern: RegExp) => lines.some((line) => pattern.test(line));
  if (has(/^events:\s*\S/) && has(/^(?:version|creator|cmd|positions|part|desc):|^(?:fl|fn|ob)=/)) return 'yes';
  if (/^version:\s*\d+\s*$/.test(lines[0]!)) return has(/^(?:creator|cmd|part):/) ? 'yes' : 'maybe';
  return 'no';
}
