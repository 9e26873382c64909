import type { Claim, Format } from './format.ts';
import { decodeText } from './text/lines.ts';

/**
 * Flame graphs as SVG, read back: those of ours, which hold the whole profile, and those of flamegraph.pl (from 2011 on),
 * inferno and what draws with it (cargo flamegraph, py-spy, pprof-rs), from titles and rectangles alone. Read as a stream:
 * memory grows with the frames, not with the file.
 */
export const flameSvg: Format = {
  id: 'flame-svg',
  title: 'flame graph (SVG)',
  hasSides: true,
  detect,
  read: async (...words) => (await import('./flame-svg/read-picture.ts')).readPicture(...words),
};

/**
 * An XML declaration, comments, a document type, and then the outermost element. Of each part there is one reading only:
 * else a file of many blanks is tried in all ways to group them.
 */
const START = /^(?:\s|<\?(?:(?!\?>)[\s\S])*\?>|<!--(?:(?!-->)[\s\S])*-->|<!DOCTYPE\s+svg[^>]*>)*<svg[\s>]/;
const UNFINISHED = /^\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--[\s\S]*|<!DOCTYPE\s+svg[\s\S]*)$/;
const MARKS =
  /\bonload="init\(evt\)"|\bclass="(?:func_g|pforge-flame)"|\bid="frames"|\btotal_samples="|\bdata-root-top="/;

function detect(head: Uint8Array): Claim {
  const text = decodeText(head).replace(/^\ufeff/, '');
  if (START.test(text)) return MARKS.test(text) ? 'yes' : 'maybe';
  return UNFINISHED.test(text) && /<!DOCTYPE\s+svg|flame/i.test(text) ? 'maybe' : 'no';
}
