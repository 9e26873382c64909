import type { Claim, Format } from './format.ts';
import { speedscopeCannotHold, writeSpeedscope } from './speedscope/write.ts';
import { decodeText } from './text/lines.ts';

/**
 * speedscope's own format (github.com/jlfwong/speedscope, src/lib/file-format-spec.ts; the same from version 0.0.1 on).
 * Each profile of the file is a thread. Time becomes nanoseconds. Time in which no frame is open is idle: a counter.
 * Kinds are guessed from names and files.
 */
export const speedscope: Format = {
  id: 'speedscope',
  title: 'speedscope',
  extension: 'speedscope',
  detect,
  read: async (input, notes) => (await import('./speedscope/read-speedscope.ts')).readSpeedscope(input, notes),
  write: writeSpeedscope,
  cannotHold: speedscopeCannotHold,
};

function detect(head: Uint8Array): Claim {
  const text = decodeText(head).trimStart();
  if (!text.startsWith('{')) return 'no';
  if (/"\$schema"\s*:\s*"https:\/\/www\.speedscope\.app\//.test(text)) return 'yes';
  if (/"profiles"\s*:\s*\[/.test(text) && /"type"\s*:\s*"(?:evented|sampled)"/.test(text)) return 'yes';
  if (/"shared"\s*:\s*\{\s*"frames"\s*:/.test(text)) return 'yes';
  return /^\{\s*"profiles"\s*:/.test(text) ? 'maybe' : 'no';
}
