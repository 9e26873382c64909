import { cpuProfileCannotHold, writeCpuProfile } from './cpuprofile/write.ts';
import type { Claim, Format } from './format.ts';
import { decodeText } from './text/lines.ts';

/**
 * V8's `.cpuprofile` (`node --cpu-prof`, Chrome DevTools; `Profiler.Profile` of the inspector protocol), and the older
 * generation with a nested `head`. A sample's time is the time until the next sample, as DevTools draws it; the last
 * one's ends at `endTime`. Time in `(idle)` is no CPU time: it is a counter of its own.
 */
export const cpuprofile: Format = {
  id: 'cpuprofile',
  title: 'V8 CPU profile',
  extension: 'cpuprofile',
  detect,
  read: async (input, notes) => (await import('./cpuprofile/read-cpu-profile.ts')).readCpuProfile(input, notes),
  write: writeCpuProfile,
  cannotHold: cpuProfileCannotHold,
};

function detect(head: Uint8Array): Claim {
  const text = decodeText(head).trimStart();
  if (!text.startsWith('{') || /"(?:traceEvents|selfSize|snapshot)"\s*:/.test(text)) return 'no';
  if (/"nodes"\s*:/.test(text) && /"(?:callFrame|timeDeltas|samples)"\s*:/.test(text)) return 'yes';
  if (/"head"\s*:/.test(text) && /"functionName"\s*:/.test(text)) return 'yes';
  return /^\{\s*"(?:samples|timeDeltas|startTime|endTime|nodes|timestamps)"\s*:/.test(text) ? 'maybe' : 'no';
}
