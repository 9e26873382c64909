/** What separates groups of digits in some locale: `77 375 671`, `1'234`, `1’234`, with common, no-break or thin spaces. */
const GROUP_MARKS = /[ \u00a0\u2009\u202f'\u2019]/g;

/** One number as perf prints it in any locale, with or without groups, for patterns. */
export const NUMBER = "-?\\d+(?:[ \\u00a0\\u2009\\u202f'\\u2019.,]\\d{2,3})*(?:[.,]\\d+)?";

/** The sign that a number which perf never prints in groups has for its decimals; undefined where it has none. */
export function decimalSign(plain: string): '.' | ',' | undefined {
  return /([.,])\d+$/.exec(plain)?.[1] as '.' | ',' | undefined;
}

/** A number that perf never prints in groups: percentages, metrics, seconds. NaN for `nan`, `inf` and the like. */
export function plainNumber(text: string): number {
  return /^-?\d+(?:[.,]\d+)?(?:e[-+]?\d+)?$/.test(text) ? Number(text.replace(',', '.')) : Number.NaN;
}

/**
 * A count, which perf prints in groups where its locale has them (`%'18.0f`, and with two decimals where the count has a
 * unit), so that `1.234` is a thousand and more in one file and one and a bit in the other.
 * @param decimals the decimal sign of other numbers of the same run, where there is one
 */
export function groupedNumber(text: string, decimals: '.' | ',' | undefined): number {
  const digits = text.replace(GROUP_MARKS, '');
  const signs = digits.match(/[.,]/g) ?? [];
  if (signs.length === 0) return Number(digits);
  const last = signs.at(-1)!;
  const behind = digits.length - 1 - digits.lastIndexOf(last);
  const alone = signs.filter((sign) => sign === last).length === 1;
  const isDecimal = alone && (decimals === undefined ? behind !== 3 : decimals === last);
  const plain = isDecimal ? digits.slice(0, -1 - behind) : digits;
  return Number(plain.replace(/[.,]/g, '') + (isDecimal ? `.${digits.slice(-behind)}` : ''));
}
