import { frameLabel, parseFrameLabel, placeLabel } from '../../profile/frame-label.ts';
import { type FindOriginals, type FunctionPlace, isScriptFile } from '../../profile/originals.ts';
import type { Profile } from '../../profile/profile.ts';
import type { KernelSamples } from './kernel-samples.ts';

/** What frames are called. */
export interface WrittenLabels {
  /** Of each row of the profile's frames. */
  readonly labels: readonly string[];
  /** Where the functions stand that are called otherwise than they ran: by row, or behind all rows by plain symbol. */
  readonly originals: ReadonlyMap<number, Readonly<FunctionPlace>>;
}

/**
 * The labels of frames, those of JavaScript as it was written. Labels of plain symbols, which the kernel keeps
 * (plain-labels.ts), are replaced there.
 * @param find undefined: labels stay as they are
 */
export async function writtenLabels(
  store: KernelSamples,
  built: Profile,
  find: FindOriginals | undefined,
): Promise<WrittenLabels> {
  const { frames, strings } = built;
  const labels = Array.from({ length: frames.length }, (_, frame) => frameLabel(built, frame));
  const originals = new Map<number, Readonly<FunctionPlace>>();
  if (find === undefined) return { labels, originals };
  const asked: FunctionPlace[] = [];
  const numbers: number[] = [];
  for (let frame = 0; frame < labels.length; frame++) {
    const file = strings[frames.file[frame]!]!;
    const line = frames.line[frame]!;
    if (line === 0 || !isScriptFile(file)) continue;
    asked.push({ name: strings[frames.name[frame]!]!, file, line, column: frames.column[frame]! });
    numbers.push(frame);
  }
  const plain = store.plainSymbols();
  for (let symbol = 0; symbol < plain.length; symbol++) {
    if (!plain.isScript(symbol)) continue;
    const { name, file = '', line = 0, column = 0 } = parseFrameLabel(plain.label(symbol));
    if (line === 0 || !isScriptFile(file)) continue;
    asked.push({ name, file, line, column });
    numbers.push(labels.length + symbol);
  }
  if (asked.length === 0) return { labels, originals };
  const found = await find(asked);
  const relabelled: { symbol: number; label: string }[] = [];
  for (let i = 0; i < numbers.length; i++) {
    const original = found[i];
    if (original === undefined) continue;
    const number = numbers[i]!;
    originals.set(number, original);
    const label = placeLabel(original.name, original.file, original.line, original.column);
    if (number < labels.length) labels[number] = label;
    else relabelled.push({ symbol: number - labels.length, label });
  }
  store.relabel(relabelled);
  return { labels, originals };
}
