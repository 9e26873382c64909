/** Kinds of bytes. */
export function isBlank(c: i32): bool {
  return c === 32 || c === 9;
}

export function isDigit(c: i32): bool {
  return c >= 48 && c <= 57;
}

/** As perf writes hexadecimal numbers. */
export function isHex(c: i32): bool {
  return isDigit(c) || (c >= 97 && c <= 102);
}
