/** The shortest decimals that give the number again, never with an exponent, which other tools cannot read. */
export function decimal(value: number): string {
  const text = String(value);
  if (!text.includes('e')) return text;
  return value >= 1 ? BigInt(value).toString() : value.toFixed(20).replace(/0+$/, '');
}
