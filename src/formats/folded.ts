import { foldedCannotHold } from './folded/limits.ts';
import { isComment } from './folded/lines.ts';
import { writeFolded } from './folded/write.ts';
import type { Claim, Format } from './format.ts';
import { parsePerfHeader } from './perf-script/header-line.ts';
import { headLines } from './text/lines.ts';

/**
 * Folded stacks (collapsed stacks): one line a stack, `main;parse;read 12`, root first. Blank lines and `# ` lines are
 * comments. The weight is `samples`, unless a first line says `# pforge-prof unit=nanoseconds type=cpu-clock`. We write
 * that line only where the stacks could be taken for a differential file: other tools expect nothing but stacks. A file
 * in which every line has two counts is differential (difffolded.pl): value types `before` and `after`, or one of them
 * as samples, where a side was asked for.
 */
export const folded: Format = {
  id: 'folded',
  title: 'folded stacks',
  extension: 'folded',
  hasSides: true,
  detect,
  read: async (...words) => (await import('./folded/read-folded.ts')).readFolded(...words),
  draw: async (input, minFraction) => (await import('./folded/read-folded.ts')).drawFolded(input, minFraction),
  write: (profile) => writeFolded(profile),
  cannotHold: (profile) => foldedCannotHold(profile),
};

const NEWLINE = 10;

function detect(head: Uint8Array): Claim {
  const lines = headLines(head).filter((line) => line.trim() !== '' && !isComment(line));
  const first = lines[0];
  if (first === undefined) return /^# pforge-prof /.test(headLines(head)[0]!) ? 'yes' : 'no';
  if (/^\s*[<{[]/.test(first) && !/\s\d+$/.test(first)) return 'no';
  const counted = lines.filter((line) => /\s\d+(?:\.\d*)?\s*$/.test(line)).length;
  const headers = lines.some((line) => parsePerfHeader(line)?.time !== undefined);
  if (headers) return 'no';
  if (counted === lines.length) return lines.some((line) => line.includes(';')) ? 'yes' : 'maybe';
  // One line of 4 KiB and more, wherever it is cut, or counts that are all unreadable: `read` says what is wrong with them
  const goesOn = head.length < 4096 || head.includes(NEWLINE) ? '' : '…';
  const stacks = lines.filter((line) => /^[^;\0]+;[^\0]*[^\0;{},]$/.test(line + goesOn)).length;
  return counted * 2 > lines.length || stacks === lines.length ? 'maybe' : 'no';
}
