/** Numbers as tools that are written in C or Perl print them. */

/** `printf("%.2f")`: as `toFixed`, but exact ties go to the even digit: 3.125 is 3.12. */
export function fixedAsC(value: number, digits: number): string {
  const factor = 10 ** digits;
  const tie = Math.abs(value * 2 ** (digits + 1)) % 2 === 1;
  const below = Math.floor(value * factor);
  return tie && below % 2 === 0 ? (below / factor).toFixed(digits) : value.toFixed(digits);
}

/** `1234567.5` -> `1,234,567.5`; other text stays. */
export function commas(number: string): string {
  const point = number.indexOf('.');
  const whole = point < 0 ? number : number.slice(0, point);
  return whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',') + (point < 0 ? '' : number.slice(point));
}
