import { frameLabel } from '../../profile/frame-label.ts';
import { labelKind } from '../../profile/kind.ts';
import { defaultValueIndex, type Profile } from '../../profile/profile.ts';
import { rootName, type ThreadMode } from '../../profile/threads.ts';
import * as leftOut from '../left-out.ts';

/** Labels that are written otherwise, or cannot be told from the text around them. */
const changed = /[;\n\r\t]|^[ \uFEFF]| $|^#(?: |$)|\p{Surrogate}/u;

/**
 * What folded stacks leave out or change: `Format.cannotHold`.
 * @param roots how threads become root frames, where the profile has none yet
 */
export function foldedCannotHold(profile: Profile, roots?: ThreadMode): string[] {
  const { valueTypes, samples } = profile;
  const used = leftOut.usedFrames(profile);
  const label = (frame: number) => frameLabel(profile, frame);
  const notes = leftOut.leftOutNotes('folded stacks', [
    leftOut.times(profile),
    threads(profile, roots),
    leftOut.furtherTypes(profile),
    leftOut.modules(profile, used),
    leftOut.kinds(profile, used, (frame) => labelKind(label(frame))),
    leftOut.tiers(profile, used),
    leftOut.bareLines(profile, used),
    leftOut.bareColumns(profile, used),
    leftOut.counters(profile),
    leftOut.series(profile),
    leftOut.origin(profile),
  ]);
  const { type, unit } = valueTypes[defaultValueIndex(profile)]!;
  if ((type !== 'samples' || unit !== 'count') && samples.length > 0) {
    notes.push(`folded stacks do not say what they count: here ${type} (${unit})`);
  }
  let others = 0;
  for (let frame = 0; frame < used.length; frame++) if (used[frame] === 1 && changed.test(label(frame))) others++;
  if (others > 0) {
    notes.push(
      `names with a ; a line end, a tab, blanks at an end or broken text, changed in folded stacks: ${others}`,
    );
  }
  const bare = samples.stack.some((stack, i) => stack < 0 && (roots === undefined || (samples.thread?.[i] ?? -1) < 0));
  if (bare) notes.push('samples without a stack are written as [unknown]');
  return notes;
}

/** Names and ids of threads count as held where they stand as root frames. */
function threads(profile: Profile, roots: ThreadMode | undefined): leftOut.LeftOut {
  const used = leftOut.usedThreads(profile).map((thread) => profile.threads[thread]!);
  if (used.length === 0) return undefined;
  if (roots !== undefined) return roots === 'tid' ? undefined : 'thread ids';
  const strings = new Set(profile.strings);
  if (used.every((thread) => strings.has(rootName(thread, 'tid')))) return undefined;
  return used.every((thread) => strings.has(rootName(thread, 'comm'))) ? 'thread ids' : 'threads';
}
