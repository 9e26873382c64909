/** What came is no HTTP/1.x answer. */
export class ResponseError extends Error {}

const CR = 13;
const START = 'HTTP/1.';

/** @throws {ResponseError} the first bytes of a status line are not those of HTTP/1.x */
export function checkStart(bytes: Uint8Array, from: number, to: number): void {
  const end = Math.min(to, from + START.length);
  for (let i = from; i < end; i++) {
    if (bytes[i] === START.charCodeAt(i - from)) continue;
    // A blank line may precede an answer
    if (i === from && bytes[i] === CR && to === from + 1) return;
    throw new ResponseError(`no HTTP/1.x answer, it begins ${shown(bytes, from, to)}`);
  }
}

/** A whole number without a sign. @returns NaN where it is none */
export function digits(bytes: Uint8Array, from: number, to: number, base: number): number {
  if (from === to) return Number.NaN;
  let value = 0;
  for (let i = from; i < to; i++) {
    const byte = bytes[i]!;
    const digit = byte <= 57 ? byte - 48 : (byte | 32) - 87;
    if (digit < 0 || digit >= base || (byte > 57 && digit < 10)) return Number.NaN;
    value = value * base + digit;
  }
  return value;
}

/** Whether it begins with a name of ASCII, in capitals or not. */
export function named(bytes: Uint8Array, from: number, name: string): boolean {
  for (let i = 0; i < name.length; i++) if ((bytes[from + i]! | 32) !== (name.charCodeAt(i) | 32)) return false;
  return true;
}

/** As latin1. */
export function text(bytes: Uint8Array, from: number, to: number): string {
  let value = '';
  for (let i = from; i < to; i++) value += String.fromCharCode(bytes[i]!);
  return value;
}

/** The first bytes, for a message. */
export function shown(bytes: Uint8Array, from: number, to: number): string {
  return JSON.stringify(text(bytes, from, Math.min(to, from + 40)));
}
