const MMAP = 1;
const MMAP2 = 10;
const COMM = 3;
const SAMPLE = 9;
/** Records whose first fields are 32-bit words: how many, and how many 64-bit words follow. */
const FIELDS = new Map([
  [MMAP, [2, 3]],
  [COMM, [2, 0]],
  [4, [4, 1]],
  [7, [4, 1]],
]);
const BUILD_ID_INSTEAD_OF_INODE = 1 << 14;

/**
 * A recording of perf as a machine of the other byte order would have written it: every number turned, by the tables of
 * include/uapi/linux/perf_event.h. Knows the records that matter and samples of IP, TID, TIME, ID, CPU, PERIOD, CALLCHAIN.
 */
export function inOtherByteOrder(file: Uint8Array): Buffer {
  const from = Buffer.from(file);
  const out = Buffer.from(file);
  const word = (at: number): number => Number(from.readBigUInt64LE(at));
  const turn = (at: number, bytes: number): void => {
    out.subarray(at, at + bytes).reverse();
  };
  const halves = (at: number, count: number): void => {
    for (let i = 0; i < count; i++) turn(at + 4 * i, 4);
  };
  const words = (at: number, count: number): void => {
    for (let i = 0; i < count; i++) turn(at + 8 * i, 8);
  };
  const attribute = (at: number): void => {
    halves(at, 2);
    words(at + 8, 4);
    // Bit fields begin at the other end of each byte
    for (let i = at + 40; i < at + 48; i++)
      out[i] = Number.parseInt(from[i]!.toString(2).padStart(8, '0').split('').reverse().join(''), 2);
    halves(at + 48, 2);
    words(at + 56, 4);
    halves(at + 88, 2);
    words(at + 96, 1);
    halves(at + 104, 1);
  };
  const recordHeader = (at: number): void => {
    turn(at, 4);
    turn(at + 4, 2);
    turn(at + 6, 2);
  };

  words(0, 13);
  const attributesAt = word(24);
  const sampleType = word(attributesAt + 24);
  const has = (bit: number): boolean => ((sampleType >> bit) & 1) === 1;
  for (let at = attributesAt; at < attributesAt + word(32); at += word(16)) {
    attribute(at);
    const ids = at + word(16) - 16;
    words(word(ids), word(ids + 8) / 8);
    words(ids, 2);
  }

  /** TID and CPU are two halves, all else are words. */
  const fields = (at: number, present: readonly number[]): number => {
    let place = at;
    for (const bit of present.filter(has)) {
      if (bit === 1 || bit === 7) halves(place, 2);
      else words(place, 1);
      place += 8;
    }
    return place;
  };
  const dataEnd = word(40) + word(48);
  for (let at = word(40); at < dataEnd; at += from.readUInt16LE(at + 6)) {
    const type = from.readUInt32LE(at);
    const end = at + from.readUInt16LE(at + 6);
    recordHeader(at);
    if (type === SAMPLE) {
      const chain = fields(at + 8, [16, 0, 1, 2, 3, 6, 9, 7, 8]);
      words(chain, (end - chain) / 8);
      continue;
    }
    // What only perf itself looks at: ID_INDEX, THREAD_MAP, CPU_MAP (of a range), EVENT_UPDATE (of a unit or a scale)
    if (type === 69) words(at + 8, (end - at - 8) / 8);
    if (type === 73) words(at + 8, 2);
    if (type === 74) for (const place of [8, 12, 14]) turn(at + place, 2);
    if (type === 78) words(at + 8, from.readUInt32LE(at + 8) === 1 ? 3 : 2);
    const [small, large] = FIELDS.get(type) ?? [0, 0];
    halves(at + 8, small!);
    words(at + 8 + 4 * small!, large!);
    if (type === MMAP2) {
      halves(at + 8, 2);
      words(at + 16, 3);
      if ((from.readUInt16LE(at + 4) & BUILD_ID_INSTEAD_OF_INODE) === 0) {
        halves(at + 40, 2);
        words(at + 48, 2);
      }
      halves(at + 64, 2);
    }
    const trailer = [1, 2, 6, 9, 7, 16];
    if (type === MMAP2 || FIELDS.has(type)) fields(end - 8 * trailer.filter(has).length, trailer);
  }

  const numbers = Array.from({ length: 256 }, (_, bit) => bit).filter(
    (bit) => (from[72 + (bit >> 3)]! >> (bit & 7)) & 1,
  );
  numbers.forEach((number, i) => {
    const entry = dataEnd + 16 * i;
    const at = word(entry);
    const end = at + word(entry + 8);
    words(entry, 2);
    if (number === 2) {
      for (let place = at; place < end; place += from.readUInt16LE(place + 6)) {
        recordHeader(place);
        halves(place + 8, 1);
      }
    }
    if (number >= 3 && number <= 6) halves(at, 1);
    if (number === 7) halves(at, 2);
    if (number === 11) {
      halves(at, 1);
      for (let place = at + 4; place < end; place += 4 + from.readUInt32LE(place)) halves(place, 1);
    }
    if (number === 12) {
      halves(at, 2);
      const size = from.readUInt32LE(at + 4);
      for (let event = at + 8; event < end; ) {
        attribute(event);
        const name = event + size + 4;
        halves(event + size, 2);
        const ids = name + 4 + from.readUInt32LE(name);
        const count = from.readUInt32LE(event + size);
        words(ids, count);
        event = ids + 8 * count;
      }
    }
    if (number === 21) words(at, 2);
    if (number === 29) {
      halves(at, 2);
      words(at + 8, 2);
    }
  });
  return out;
}
