/**
 * Numbers as Rust writes them, so that text and files are the same byte for byte. JavaScript rounds exact ties away from
 * zero, Rust to the even digit.
 */

/** Rust's `{:.N}`. @param digits behind the point, 0 to 20 */
export function fixed(value: number, digits: number): string {
  if (Number.isNaN(value)) return 'NaN';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const size = Math.abs(value);
  if (size === Number.POSITIVE_INFINITY) return `${sign}inf`;
  if (size >= 1e21) return `${sign}${BigInt(size)}${digits === 0 ? '' : `.${'0'.repeat(digits)}`}`;
  const rounded = size.toFixed(digits);
  if (!isTie(size, digits) || isEven(rounded)) return sign + rounded;
  // toFixed went up to an odd digit: one below is even, and nothing is borrowed from an odd digit
  return sign + rounded.slice(0, -1) + String(Number(rounded.at(-1)) - 1);
}

/** Whether just half a unit of the last digit is left: k / 2^(digits + 1) with an odd k, and nothing else in binary. */
function isTie(value: number, digits: number): boolean {
  return (value * 2 ** (digits + 1)) % 2 === 1;
}

function isEven(text: string): boolean {
  return Number(text.at(-1)) % 2 === 0;
}

const DURATION_UNITS = [
  [1e9, 's'],
  [1e6, 'ms'],
  [1e3, 'µs'],
  [1, 'ns'],
] as const;

/** Rust's `{:.1?}` of a Duration: `5.0s`, `500.0ms`. @param nanoseconds a whole number of at least 0 */
export function durationText(nanoseconds: number): string {
  const [size, unit] = DURATION_UNITS.find(([least]) => nanoseconds >= least) ?? [1, 'ns'];
  const whole = Math.floor(nanoseconds / size);
  const rest = nanoseconds % size;
  const tenth = size / 10;
  let tenths = Math.floor(rest / tenth);
  const left = rest % tenth;
  if (left > tenth / 2 || (left === tenth / 2 && left > 0 && tenths % 2 === 1)) tenths++;
  return tenths === 10 ? `${whole + 1}.0${unit}` : `${whole}.${tenths}${unit}`;
}

/** A floating-point number as serde_json writes it: always with a point or an exponent; `null` where JSON has no word. */
export function jsonFloat(value: number): string {
  if (!Number.isFinite(value)) return 'null';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const [, sign, first, rest = '', power] = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(value.toExponential())!;
  const digits = first! + rest;
  // Places before the decimal point
  const point = Number(power) + 1;
  if (point > 16 || point <= -5) return `${sign}${first}${rest === '' ? '' : `.${rest}`}e${point - 1}`;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (digits.length <= point) return `${sign}${digits.padEnd(point, '0')}.0`;
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}
