import type { Profile } from '../profile/profile.ts';
import { dataProfile, embeddedProfile, oneSided } from './flame-svg/embedded-profile.ts';
import { PictureReader } from './flame-svg/picture-reader.ts';
import { readFrames } from './flame-svg/read-frames.ts';
import { type Claim, type Format, FormatError, type Input, type Notes, type ReadChoices } from './format.ts';
import { decodeText } from './text/lines.ts';
import { readXml } from './text/xml-reader.ts';

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
  read,
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

async function read(input: Input, notes: Notes, { side }: ReadChoices = {}): Promise<Profile> {
  const picture = new PictureReader(input);
  // Of a file the rest need not be read; a pipe that nobody empties would fail whoever fills it
  const isEnough = (): boolean => input.path !== undefined && picture.embedded.isAll;
  const open = await readXml(input, picture, { doctype: true, isEnough });
  const embedded = embeddedProfile(input, picture.embedded, side, notes);
  if (embedded !== undefined) return embedded;
  if (open.length > 0) {
    throw new FormatError(input, '', `the picture ends within <${open.at(-1)}>: the file was cut`, 'copy it again');
  }
  const { data } = picture.embedded;
  if (data !== undefined && picture.isCompact) return dataProfile(input, data, side, notes);
  const facts = picture.facts();
  if (facts.isEmpty)
    throw new FormatError(input, '', 'this flame graph was drawn of nothing', 'its input had no stacks');
  if (facts.countName === undefined) {
    throw new FormatError(
      input,
      '',
      'this is an SVG but no flame graph: no rectangle has a title like "main (12 samples, 3.40%)"',
      'flame graphs of flamegraph.pl, inferno and pforge-prof can be read',
    );
  }
  if (facts.isChart || facts.root.get('data-order') === 'time') {
    notes.add('of a flame chart stacks are summed: their order in time is lost');
  }
  if (side !== undefined && !facts.isDifferential) throw oneSided(input);
  return readFrames(input, picture.frames, facts, side, notes);
}
