import { linearRegexp, type Matcher } from './linear-regexp.ts';

/** Without groups and with one repetition, the browser's own engine cannot take long either, and is several times faster. */
const SAFE = /^(?:[^()*+?{}\\]|\\[^1-9kpP])*(?:[*+?](?:[^()*+?{}\\]|\\[^1-9kpP])*)?$/;
const LONGEST_FOR_NATIVE = 2000;

/**
 * A regular expression that cannot hang the page: by the browser's own engine where that is sure, else by ours.
 * @throws {SyntaxError} as {@link linearRegexp}
 */
export function safeRegexp(pattern: string, anyCase: boolean): Matcher {
  const linear = linearRegexp(pattern, anyCase);
  if (!SAFE.test(pattern)) return linear;
  const native = new RegExp(pattern, anyCase ? 'i' : '');
  return (text) => (text.length > LONGEST_FOR_NATIVE ? linear(text) : native.test(text));
}
