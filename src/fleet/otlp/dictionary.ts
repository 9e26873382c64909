import { ProtobufWriter } from '../../formats/protobuf/writer.ts';
import { KINDS, type Profile } from '../../profile/profile.ts';

/** Kinds of frames that OpenTelemetry's conventions have a word for (`profile.frame.type`). */
const FRAME_TYPES: ReadonlyMap<string, string> = new Map([
  ['kernel', 'kernel'],
  ['native', 'native'],
]);

/**
 * Tables of `ProfilesDictionary` (opentelemetry-proto 1.10, profiles/v1development/profiles.proto): equal rows are one, and
 * row 0 of each is there and means nothing.
 */
export class Dictionary {
  private readonly strings = new Map<string, number>([['', 0]]);
  private readonly attributes = new Map<string, number>();
  private readonly attributeRows: Uint8Array[] = [new Uint8Array()];
  private readonly stackRows: Uint8Array[] = [new Uint8Array()];
  private readonly row = new ProtobufWriter();

  text(text: string): number {
    const known = this.strings.get(text);
    if (known !== undefined) return known;
    this.strings.set(text, this.strings.size);
    return this.strings.size - 1;
  }

  attribute(key: string, value: string | number): number {
    const words = JSON.stringify([key, value]);
    const known = this.attributes.get(words);
    if (known !== undefined) return known;
    this.row.clear();
    this.row.varint(1, this.text(key));
    this.row.message(2, anyValue(value));
    this.attributes.set(words, this.attributeRows.push(this.row.done().slice()) - 1);
    return this.attributeRows.length - 1;
  }

  /** @param frames of the profile, the leaf first */
  stack(frames: Iterable<number>): number {
    this.row.clear();
    this.row.packed(1, withOffset(frames));
    return this.stackRows.push(this.row.done().slice()) - 1;
  }

  /** The message. Frame i of the profile is location i + 1. */
  message({ frames, strings }: Profile): ProtobufWriter {
    const out = new ProtobufWriter();
    const locations: Uint8Array[] = [new Uint8Array()];
    const mappings = new Map<number, number>([[0, 0]]);
    const functions = new Map<string, number>([['', 0]]);
    const functionRows: Uint8Array[] = [new Uint8Array()];
    const line = new ProtobufWriter();
    for (let i = 0; i < frames.length; i++) {
      const module = frames.module[i]!;
      if (!mappings.has(module)) mappings.set(module, mappings.size);
      const key = `${frames.name[i]} ${frames.file[i]} ${frames.line[i]}`;
      let func = functions.get(key);
      if (func === undefined) {
        func = functionRows.length;
        functions.set(key, func);
        this.row.clear();
        this.row.varint(1, this.text(strings[frames.name[i]!]!));
        this.row.varint(2, this.text(strings[frames.name[i]!]!));
        this.row.varint(3, this.text(strings[frames.file[i]!]!));
        this.row.varint(4, frames.line[i]!);
        functionRows.push(this.row.done().slice());
      }
      const frameType = FRAME_TYPES.get(KINDS[frames.kind[i]!]!);
      const attribute = frameType === undefined ? undefined : this.attribute('profile.frame.type', frameType);
      line.clear();
      line.varint(1, func);
      line.varint(2, frames.line[i]!);
      line.varint(3, frames.column[i]!);
      this.row.clear();
      this.row.varint(1, mappings.get(module)!);
      this.row.message(3, line);
      if (attribute !== undefined) this.row.packed(4, [attribute]);
      locations.push(this.row.done().slice());
    }
    for (const module of mappings.keys()) {
      this.row.clear();
      this.row.varint(4, this.text(strings[module]!));
      out.message(1, this.row);
    }
    for (const bytes of locations) out.bytes(2, bytes);
    for (const bytes of functionRows) out.bytes(3, bytes);
    this.row.clear();
    this.row.bytes(1, new Uint8Array(16));
    this.row.bytes(2, new Uint8Array(8));
    out.message(4, this.row);
    for (const bytes of this.attributeRows) out.bytes(6, bytes);
    for (const bytes of this.stackRows) out.bytes(7, bytes);
    for (const text of this.strings.keys()) out.text(5, text);
    return out;
  }
}

function* withOffset(frames: Iterable<number>): Iterable<number> {
  for (const frame of frames) yield frame + 1;
}

/** `AnyValue` of common.proto. */
export function anyValue(value: string | number): ProtobufWriter {
  const out = new ProtobufWriter();
  if (typeof value === 'string') out.text(1, value);
  else out.varint(3, value);
  return out;
}
