import { gzipSync } from 'node:zlib';
import { defaultValueIndex, type Profile, type ValueType } from '../../profile/profile.ts';
import { guessedKind } from '../frames/guessed-kind.ts';
import * as leftOut from '../left-out.ts';
import { ProtobufWriter } from '../protobuf/writer.ts';
import { threadLabels } from './threads.ts';

/**
 * Writes gzipped profile.proto: all value types, the default one named; one location a frame, one function a name,
 * file and line; samples with the same stack and thread added up; threads as labels `pid`, `tid`, `process`, `thread`.
 * Values are whole numbers there: fractions are rounded after adding up. Times of samples, kinds, tiers, counters and
 * series have no place in the format.
 */
export function* writePprof(profile: Profile): Iterable<Uint8Array> {
  const { valueTypes, meta } = profile;
  const out = new ProtobufWriter();
  const text = new TextTable();
  for (const valueType of valueTypes) typeMessage(1, valueType);
  samples(profile, text, out);
  tables(profile, text, out);
  if (meta.startTime !== undefined) out.varint(9, nanoseconds(meta.startTime * 1e6));
  if (meta.duration !== undefined) out.varint(10, nanoseconds(meta.duration));
  if (meta.sampleInterval !== undefined) {
    typeMessage(11, { type: 'cpu', unit: 'nanoseconds' });
    out.varint(12, nanoseconds(meta.sampleInterval));
  }
  out.varint(14, text.index(valueTypes[defaultValueIndex(profile)]!.type));
  for (const word of text.words) out.text(6, word);
  yield gzipSync(out.done());

  function typeMessage(field: number, { type, unit }: ValueType): void {
    const message = new ProtobufWriter();
    message.varint(1, text.index(type));
    message.varint(2, text.index(unit));
    out.message(field, message);
  }
}

/** What pprof leaves out or changes: `Format.cannotHold`. */
export function pprofCannotHold(profile: Profile): string[] {
  const { frames, strings, samples: rows, valueTypes } = profile;
  const used = leftOut.usedFrames(profile);
  const guess = (i: number) =>
    guessedKind(strings[frames.name[i]!]!, strings[frames.file[i]!]!, strings[frames.module[i]!]!);
  const notes = leftOut.leftOutNotes('pprof files', [
    leftOut.times(profile),
    leftOut.kinds(profile, used, guess),
    leftOut.tiers(profile, used),
    leftOut.bareColumns(profile, used),
    leftOut.counters(profile),
    leftOut.series(profile),
    leftOut.origin(profile, 'startTime', 'duration'),
  ]);
  const fractions = valueTypes.filter((_, i) => rows.values[i]!.some((value) => !Number.isInteger(value)));
  if (fractions.length > 0) {
    const names = fractions.map(({ type, unit }) => `${type} (${unit})`).join(', ');
    notes.push(`pprof files hold whole numbers: rounded are ${names}`);
  }
  return [...notes, ...leftOut.brokenText(profile)];
}

/** Strings by index; '' is 0, as the format demands. */
class TextTable {
  readonly words: string[] = [''];
  private readonly indexes = new Map([['', 0]]);

  index(word: string): number {
    let index = this.indexes.get(word);
    if (index === undefined) {
      index = this.words.push(word) - 1;
      this.indexes.set(word, index);
    }
    return index;
  }
}

function nanoseconds(value: number): number {
  return Math.max(0, Math.round(value));
}

function samples(profile: Profile, text: TextTable, out: ProtobufWriter): void {
  const { stacks, samples: rows, threads } = profile;
  const groups = new Map<number, number[]>();
  for (let i = 0; i < rows.length; i++) {
    const key = (rows.stack[i]! + 1) * (threads.length + 1) + (rows.thread?.[i] ?? -1) + 1;
    let sums = groups.get(key);
    if (!sums) {
      sums = rows.values.map(() => 0);
      groups.set(key, sums);
    }
    for (let k = 0; k < sums.length; k++) sums[k]! += rows.values[k]![i]!;
  }
  const sample = new ProtobufWriter();
  const label = new ProtobufWriter();
  for (const [key, sums] of groups) {
    sample.clear();
    sample.packed(1, locationIds(stacks, Math.floor(key / (threads.length + 1)) - 1));
    sample.packed(2, sums.map(Math.round));
    const thread = (key % (threads.length + 1)) - 1;
    for (const [name, value] of thread < 0 ? [] : threadLabels(threads[thread]!)) {
      label.clear();
      label.varint(1, text.index(name));
      if (typeof value === 'string') label.varint(2, text.index(value));
      else label.varint(3, value);
      sample.message(3, label);
    }
    out.message(2, sample);
  }
}

/** Leaf first; frame i is location i + 1. */
function* locationIds({ parent, frame }: Profile['stacks'], leaf: number): Iterable<number> {
  for (let stack = leaf; stack >= 0; stack = parent[stack]!) yield frame[stack]! + 1;
}

/** Mappings, functions and locations. Ids start at 1: 0 means none. */
function tables({ frames, strings }: Profile, text: TextTable, out: ProtobufWriter): void {
  const mappings = new Map<number, number>();
  const functions = new Map<string, number>();
  const line = new ProtobufWriter();
  const row = new ProtobufWriter();
  for (let frame = 0; frame < frames.length; frame++) {
    const module = frames.module[frame]!;
    if (module !== 0 && !mappings.has(module)) {
      mappings.set(module, mappings.size + 1);
      row.clear();
      row.varint(1, mappings.size);
      row.varint(5, text.index(strings[module]!));
      // It has functions, file names and lines: pprof need not look for symbols
      for (const field of [7, 8, 9]) row.varint(field, 1);
      out.message(3, row);
    }
    const start = frames.line[frame]!;
    const key = `${frames.name[frame]} ${frames.file[frame]} ${start}`;
    let func = functions.get(key);
    if (func === undefined) {
      func = functions.size + 1;
      functions.set(key, func);
      const name = text.index(strings[frames.name[frame]!]!);
      row.clear();
      row.varint(1, func);
      row.varint(2, name);
      row.varint(3, name);
      row.varint(4, text.index(strings[frames.file[frame]!]!));
      row.varint(5, start);
      out.message(5, row);
    }
    line.clear();
    line.varint(1, func);
    line.varint(2, start);
    line.varint(3, frames.column[frame]!);
    row.clear();
    row.varint(1, frame + 1);
    row.varint(2, mappings.get(module) ?? 0);
    row.message(4, line);
    out.message(4, row);
  }
}
