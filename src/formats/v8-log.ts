import type { Format } from './format.ts';

/**
 * The log of `node --prof` (`isolate-ADDRESS-PID-v8.log`; also what 0x keeps), one file an isolate. The node that runs
 * us turns it into ticks (`--prof-process --preprocess`), as the format belongs to V8 and changes with it.
 */
export const v8Log: Format = {
  id: 'v8-log',
  title: "V8's --prof log",
  detect: (head) => (Buffer.from(head.subarray(0, 11)).toString('latin1') === 'v8-version,' ? 'yes' : 'no'),
  read: async (input, notes) => (await import('./v8-log/read-log.ts')).readLog(input, notes),
};
