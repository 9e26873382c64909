let bytes: i32 = 0;

/** How many bytes of the text the last call took. */
export function taken(): i32 {
  return bytes;
}

@inline
export function take(count: usize): void {
  bytes = <i32>count;
}
