/** Bytes of a field: u16, u32, u64 (a negative number or a bigint for the upper half), text with NULs up to 8 bytes. */
export type Part =
  | { readonly bytes: 2 | 4 | 8; readonly value: number | bigint }
  | { readonly text: string }
  | Uint8Array;

export const u16 = (value: number): Part => ({ bytes: 2, value });
export const u32 = (value: number): Part => ({ bytes: 4, value });
export const u64 = (value: number | bigint): Part => ({ bytes: 8, value });
export const text = (value: string): Part => ({ text: value });

export interface MadeAttribute {
  readonly type?: number;
  readonly config?: number;
  readonly period?: number;
  readonly sampleType: number;
  readonly readFormat?: number;
  /** Bits as perf_event.h counts them. */
  readonly flags?: readonly number[];
  readonly branchType?: number;
  readonly regsUser?: number | bigint;
  readonly stackUser?: number;
  readonly ids?: readonly number[];
}

export interface MadeFile {
  readonly attributes: readonly MadeAttribute[];
  readonly records: readonly Uint8Array[];
  /** Content by number. */
  readonly features?: ReadonlyMap<number, Uint8Array>;
  /** What the header says of the records' size; default: the truth. */
  readonly dataSize?: number;
  /** The descriptions of the events stand behind the records. */
  readonly attributesLast?: boolean;
}

/** `sample_id_all`. */
export const SAMPLE_ID_ALL = 18;

const ATTRIBUTE_BYTES = 128;

/** Writes recordings of either byte order. */
export class Maker {
  readonly little: boolean;

  constructor(little: boolean) {
    this.little = little;
  }

  bytes(...parts: readonly Part[]): Buffer {
    return Buffer.concat(parts.map((part) => this.part(part)));
  }

  record(type: number, flags: number, ...parts: readonly Part[]): Buffer {
    const body = this.bytes(...parts);
    return this.bytes(u32(type), u16(flags), u16(8 + body.length), body);
  }

  attribute(made: MadeAttribute): Buffer {
    const { type = 1, config = 0, period = 1, sampleType, readFormat = 0, flags = [], branchType = 0 } = made;
    const bits = flags.reduce((all, bit) => all | (1n << BigInt(this.little ? bit : 63 - bit)), 0n);
    const { regsUser = 0, stackUser = 0 } = made;
    const head = [
      u32(type),
      u32(ATTRIBUTE_BYTES),
      u64(config),
      u64(period),
      u64(sampleType),
      u64(readFormat),
      u64(bits),
    ];
    const rest = [u64(0), u64(0), u64(0), u64(branchType), u64(regsUser), u32(stackUser), u32(0)];
    const attribute = this.bytes(...head, ...rest);
    return Buffer.concat([attribute, Buffer.alloc(ATTRIBUTE_BYTES - attribute.length)]);
  }

  file({ attributes, records, features = new Map(), dataSize, attributesLast = false }: MadeFile): Buffer {
    const ids = attributes.map((attribute) => this.bytes(...(attribute.ids ?? []).map(u64)));
    const data = Buffer.concat(records);
    const attributesSize = attributes.length * (ATTRIBUTE_BYTES + 16);
    const idsSize = ids.reduce((sum, { length }) => sum + length, 0);
    const described = idsSize + attributesSize;
    const dataAt = attributesLast ? 104 : 104 + described;
    const idsAt = attributesLast ? 104 + data.length : 104;
    let idAt = idsAt;
    const entries = attributes.map((attribute, i) => {
      const entry = this.bytes(this.attribute(attribute), u64(idAt), u64(ids[i]!.length));
      idAt += ids[i]!.length;
      return entry;
    });
    const numbers = [...features.keys()].sort((a, b) => a - b);
    let featureAt = 104 + described + data.length + 16 * numbers.length;
    const table = numbers.map((number) => {
      const { length } = features.get(number)!;
      const entry = this.bytes(u64(featureAt), u64(length));
      featureAt += length;
      return entry;
    });
    const bits = [0n, 0n, 0n, 0n];
    for (const number of numbers) bits[number >> 6]! |= 1n << BigInt(number & 63);
    const header = this.bytes(
      Buffer.from(this.little ? 'PERFILE2' : '2ELIFREP'),
      u64(104),
      u64(ATTRIBUTE_BYTES + 16),
      u64(idsAt + idsSize),
      u64(attributesSize),
      u64(dataAt),
      u64(dataSize ?? data.length),
      u64(0),
      u64(0),
      ...bits.map(u64),
    );
    const description = [...ids, ...entries];
    const middle = attributesLast ? [data, ...description] : [...description, data];
    return Buffer.concat([header, ...middle, ...table, ...numbers.map((number) => features.get(number)!)]);
  }

  pipe(attributes: readonly MadeAttribute[], records: readonly Uint8Array[]): Buffer {
    const described = attributes.map((attribute) =>
      this.record(64, 0, this.attribute(attribute), ...(attribute.ids ?? []).map(u64)),
    );
    return this.bytes(Buffer.from(this.little ? 'PERFILE2' : '2ELIFREP'), u64(16), ...described, ...records);
  }

  private part(part: Part): Buffer {
    if (part instanceof Uint8Array) return Buffer.from(part);
    if ('text' in part) return Buffer.from(part.text.padEnd(8 * (1 + (part.text.length >> 3)), '\0'), 'latin1');
    const buffer = Buffer.alloc(8);
    const value = BigInt.asUintN(64, BigInt(part.value));
    if (this.little) buffer.writeBigUInt64LE(value);
    else buffer.writeBigUInt64BE(value);
    return this.little ? buffer.subarray(0, part.bytes) : buffer.subarray(8 - part.bytes);
  }
}
