import { frameLabel, parseFrameLabel, placeLabel } from '../frame-label.ts';
import type { Profile } from '../profile.ts';
import { movedFiles } from './moved-files.ts';

/** What stackcollapse-perf.pl puts behind names of kernel, JIT and inlined frames, and async-profiler behind its tiers. */
const MARK = /_\[[kwij01]\]$/;

/**
 * The labels of the frames of several profiles, without what lies in how they were collapsed and where they were checked
 * out: marks behind names, where one side has them and the other one none (flame graphs do not show them); files of the
 * after side are named as on the before side ({@link movedFiles}).
 * @param before how many of the profiles are the before side
 */
export function comparableLabels(profiles: readonly Profile[], before: number): string[][] {
  const labels = profiles.map((profile) =>
    Array.from({ length: profile.frames.length }, (_, frame) => frameLabel(profile, frame)),
  );
  const isMarked = (lists: readonly (readonly string[])[]): boolean =>
    lists.some((list) => list.some((label) => MARK.test(label)));
  const marksDiffer = isMarked(labels.slice(0, before)) !== isMarked(labels.slice(before));
  const plain = marksDiffer ? labels.map((list) => list.map((label) => label.replace(MARK, ''))) : labels;
  const moved = movedFiles(filesOf(plain.slice(0, before)), filesOf(plain.slice(before)));
  if (moved.size === 0) return plain;
  const there = (label: string): string => {
    const { name, file = '', line = 0, column = 0 } = parseFrameLabel(label);
    const known = moved.get(file);
    return known === undefined ? label : placeLabel(name, known, line, column);
  };
  return plain.map((list, profile) => (profile < before ? list : list.map(there)));
}

function filesOf(labels: readonly (readonly string[])[]): Set<string> {
  const files = new Set<string>();
  for (const list of labels) {
    for (const label of list) {
      const { file } = parseFrameLabel(label);
      if (file !== undefined) files.add(file);
    }
  }
  return files;
}
