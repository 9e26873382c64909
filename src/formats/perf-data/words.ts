/** What stands above the lower half of a 64-bit word. */
const HIGH = 2 ** 32;

/** Numbers of a file in its own byte order, at places that the caller has checked. */
export interface Words {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

export function wordsOf(bytes: Uint8Array): Words {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
}

/** A count, a time, an id: exact below 2^53, the nearest double above. */
export function unsigned64(view: DataView, at: number, little: boolean): number {
  return little
    ? view.getUint32(at + 4, true) * HIGH + view.getUint32(at, true)
    : view.getUint32(at, false) * HIGH + view.getUint32(at + 4, false);
}

/** An address: those of the upper half (the kernel's) are negative, so that they are exact too. */
export function address64(view: DataView, at: number, little: boolean): number {
  return little
    ? view.getInt32(at + 4, true) * HIGH + view.getUint32(at, true)
    : view.getInt32(at, false) * HIGH + view.getUint32(at + 4, false);
}

/** Text up to its NUL or `end`; what is no UTF-8 becomes U+FFFD. */
export function textAt(bytes: Uint8Array, at: number, end: number): string {
  let stop = at;
  while (stop < end && bytes[stop] !== 0) stop++;
  return Buffer.from(bytes.buffer, bytes.byteOffset + at, stop - at).toString('utf8');
}

/** Lower-case hexadecimal. */
export function hexAt(bytes: Uint8Array, at: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + at, Math.max(0, end - at)).toString('hex');
}
