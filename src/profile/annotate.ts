import { frameLabel } from './frame-label.ts';
import { mapFrames } from './map-frames.ts';
import { KINDS, type Profile } from './profile.ts';

/** `_[k]` kernel, `_[j]` made by a just-in-time compiler, `_[i]` inlined: the suffixes of stackcollapse-perf.pl. */
export type Annotation = 'k' | 'j' | 'i';

/** Executable code that the program wrote itself, by what perf calls its module. */
const jitModule = /(?:^|\/)(?:perf-\d+\.map|jitted-[^/]*\.so)$/;
/** Pages that the kernel lends to programs; stackcollapse-perf.pl counts them as kernel. */
const kernelPage = /^\[(?:vdso|vdso32|vsyscall)\]$/;

/**
 * Appends `_[i]`, `_[k]` or `_[j]` to the names of inlined, kernel and JIT frames, as stackcollapse-perf.pl does with
 * `--all`; the first that fits, in this order. Names that end in their suffix stay. No weight is lost.
 * @param marks which of them
 * @param place `name`: the function's name gets the suffix and keeps its place in the source. `label`: the whole
 *   label, `name file:line:column`, becomes the name, so that the suffix is the last thing of a folded frame, where
 *   flamegraph.pl looks for it
 */
export function annotate(profile: Profile, marks: ReadonlySet<Annotation>, place: 'name' | 'label' = 'name'): Profile {
  const strings = profile.strings.slice();
  const stringIndex = new Map(strings.map((text, i) => [text, i]));
  const marked = mapFrames(profile, (row, frame) => {
    const suffix = suffixOf(profile, frame, marks);
    const name = strings[row[0]]!;
    if (suffix === '' || name.endsWith(suffix)) return;
    const hasFile = row[1] !== 0;
    const plain = place === 'label' || !hasFile ? frameLabel(profile, frame) : name || '(anonymous)';
    row[0] = intern(plain + suffix);
    if (place === 'label') row.fill(0, 1, 4);
  });
  return { ...marked, strings };

  function intern(text: string): number {
    let index = stringIndex.get(text);
    if (index === undefined) {
      index = strings.push(text) - 1;
      stringIndex.set(text, index);
    }
    return index;
  }
}

function suffixOf({ frames, strings }: Profile, frame: number, marks: ReadonlySet<Annotation>): string {
  const kind = KINDS[frames.kind[frame]!]!;
  const module = strings[frames.module[frame]!]!;
  if (marks.has('i') && kind === 'inlined') return '_[i]';
  if (marks.has('k') && (kind === 'kernel' || kernelPage.test(module))) return '_[k]';
  if (marks.has('j') && (kind === 'jit' || jitModule.test(module))) return '_[j]';
  return '';
}
