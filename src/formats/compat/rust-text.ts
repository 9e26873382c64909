/** What `char::is_whitespace` is in Rust: Unicode's White_Space. */
function isSpace(code: number): boolean {
  if (code < 0x80) return code === 32 || (code >= 9 && code <= 13);
  if (code === 0x85 || code === 0xa0 || code === 0x1680 || code === 0x3000) return true;
  return (code >= 0x2000 && code <= 0x200a) || code === 0x2028 || code === 0x2029 || code === 0x202f || code === 0x205f;
}

/** Rust's `str::trim_start`. */
export function trimStart(text: string): string {
  let start = 0;
  while (start < text.length && isSpace(text.charCodeAt(start))) start++;
  return start === 0 ? text : text.slice(start);
}

/** Rust's `str::trim_end`. */
export function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && isSpace(text.charCodeAt(end - 1))) end--;
  return end === text.length ? text : text.slice(0, end);
}

/** Rust's `str::trim`. */
export function trim(text: string): string {
  return trimEnd(trimStart(text));
}

/** Rust's `str::parse::<u64>`; undefined = an error. Above 2^53 rounded. */
export function parseWhole(text: string): number | undefined {
  if (!/^\+?\d+$/.test(text)) return undefined;
  const value = BigInt(text);
  return value < 1n << 64n ? Number(value) : undefined;
}

/** Rust's `str::parse::<f64>` of a finite number; undefined = an error or none. */
export function parseReal(text: string): number | undefined {
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text) ? Number(text) : undefined;
}
