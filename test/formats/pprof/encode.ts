/** Protobuf, byte by byte. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push(0x80 | (rest % 0x80));
  return [...bytes, rest];
}
export const number = (field: number, value: number) => [...varint(field * 8), ...varint(value)];
export const block = (field: number, bytes: readonly number[]) => [
  ...varint(field * 8 + 2),
  ...varint(bytes.length),
  ...bytes,
];
export const text = (field: number, word: string) => block(field, [...Buffer.from(word)]);
export const packed = (field: number, values: readonly number[]) => block(field, values.flatMap(varint));
export const single = (field: number, values: readonly number[]) => values.flatMap((value) => number(field, value));
