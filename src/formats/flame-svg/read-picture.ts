import type { Profile } from '../../profile/profile.ts';
import { FormatError, type Input, type Notes, type ReadChoices } from '../format.ts';
import { readXml } from '../text/xml-reader.ts';
import { dataProfile, embeddedProfile, oneSided } from './embedded-profile.ts';
import { PictureReader } from './picture-reader.ts';
import { readFrames } from './read-frames.ts';

/** The profile that a picture holds, else what its rectangles tell. */
export async function readPicture(input: Input, notes: Notes, { side }: ReadChoices = {}): Promise<Profile> {
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
