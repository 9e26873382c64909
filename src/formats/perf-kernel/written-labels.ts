import { frameLabel, parseFrameLabel, placeLabel } from '../../profile/frame-label.ts';
import { type FindOriginals, type FunctionPlace, isScriptFile } from '../../profile/originals.ts';
import type { Profile } from '../../profile/profile.ts';
import { noMemory } from '../no-memory.ts';
import type { Kernel } from './open-kernel.ts';
import { SCRIPT } from './plain-names.ts';

/**
 * The labels of frames, those of JavaScript as it was written. Labels of plain symbols, which the kernel keeps
 * (plain-labels.ts), are replaced there.
 * @param originals undefined: labels stay as they are
 */
export async function writtenLabels(kernel: Kernel, built: Profile, originals?: FindOriginals): Promise<string[]> {
  const { frames, strings } = built;
  const labels = Array.from({ length: frames.length }, (_, frame) => frameLabel(built, frame));
  if (originals === undefined) return labels;
  const asked: FunctionPlace[] = [];
  /** Of each that is asked: its frame, or behind those its plain symbol. */
  const places: number[] = [];
  for (let frame = 0; frame < labels.length; frame++) {
    const file = strings[frames.file[frame]!]!;
    const line = frames.line[frame]!;
    if (line === 0 || !isScriptFile(file)) continue;
    asked.push({ name: strings[frames.name[frame]!]!, file, line, column: frames.column[frame]! });
    places.push(frame);
  }
  const memory = Buffer.from(kernel.memory());
  const rows = new Int32Array(kernel.memory(), kernel.plainRows(), kernel.plainCount() * 3);
  for (let row = 0; row < rows.length; row += 3) {
    if (!(rows[row]! & SCRIPT)) continue;
    const label = memory.toString('latin1', rows[row + 1]!, rows[row + 1]! + rows[row + 2]!);
    const { name, file = '', line = 0, column = 0 } = parseFrameLabel(label);
    if (line === 0 || !isScriptFile(file)) continue;
    asked.push({ name, file, line, column });
    places.push(labels.length + row);
  }
  if (asked.length === 0) return labels;
  const found = await originals(asked);
  const plain: { row: number; label: string }[] = [];
  for (let i = 0; i < places.length; i++) {
    const original = found[i];
    if (original === undefined) continue;
    const label = placeLabel(original.name, original.file, original.line, original.column);
    const place = places[i]!;
    if (place < labels.length) labels[place] = label;
    else plain.push({ row: place - labels.length, label });
  }
  replacePlain(kernel, plain);
  return labels;
}

function replacePlain(kernel: Kernel, plain: readonly { row: number; label: string }[]): void {
  const bytes = Buffer.from(plain.map(({ label }) => label).join(''));
  let at = kernel.alloc(bytes.length + 4);
  if (at === 0) throw noMemory();
  const memory = kernel.memory();
  new Uint8Array(memory, at, bytes.length).set(bytes);
  const rows = new Int32Array(memory, kernel.plainRows(), kernel.plainCount() * 3);
  for (const { row, label } of plain) {
    rows[row + 1] = at;
    rows[row + 2] = Buffer.byteLength(label);
    at += rows[row + 2]!;
  }
}
