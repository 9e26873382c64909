/** The line that opens a sample, as stackcollapse-perf.pl reads it. */
export interface PerlHeader {
  readonly comm: string;
  /** `?` where the line has one number alone. */
  readonly pid: string;
  readonly tid: string;
}

/** What `\s` is to Perl in text of bytes. */
export function isBlank(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/**
 * `/^(\S.+?)\s+(\d+)\/*(\d+)*\s+/`, in time linear in the line: the first blanks behind two characters that a number
 * (or two, with slashes between) and a blank follow. A comm with a number in it is cut there. Undefined: no such line.
 */
export function perlHeader(line: string): PerlHeader | undefined {
  if (line.length < 5 || isBlank(line.charCodeAt(0))) return undefined;
  let at = 2;
  while (at < line.length) {
    while (at < line.length && !isBlank(line.charCodeAt(at))) at++;
    const commEnd = at;
    while (at < line.length && isBlank(line.charCodeAt(at))) at++;
    const first = at;
    while (isDigit(line.charCodeAt(at))) at++;
    if (at === first) continue;
    const firstEnd = at;
    while (line.charCodeAt(at) === 47) at++;
    const second = at;
    if (second > firstEnd) while (isDigit(line.charCodeAt(at))) at++;
    if (at >= line.length || !isBlank(line.charCodeAt(at))) continue;
    const comm = line.slice(0, commEnd);
    const number = line.slice(first, firstEnd);
    const tid = line.slice(second, at);
    // Perl takes the text `0` for false
    return tid === '' || tid === '0' ? { comm, pid: '?', tid: number } : { comm, pid: number, tid };
  }
  return undefined;
}

/**
 * `/:\s*(\d+)*\s+(\S+):\s*$/`, linear as well: what the line ends with. A tracepoint's payload behind the event hides
 * both. `period` is '' where there is none.
 */
export function perlEvent(line: string): { readonly event: string; readonly period: string } | undefined {
  let end = line.length;
  while (end > 0 && isBlank(line.charCodeAt(end - 1))) end--;
  if (line.charCodeAt(end - 1) !== 58) return undefined;
  let word = end - 1;
  while (word > 0 && !isBlank(line.charCodeAt(word - 1))) word--;
  if (word === end - 1) return undefined;
  let at = word;
  while (at > 0 && isBlank(line.charCodeAt(at - 1))) at--;
  if (at === word) return undefined;
  const periodEnd = at;
  while (at > 0 && isDigit(line.charCodeAt(at - 1))) at--;
  const period = line.slice(at, periodEnd);
  if (period !== '') while (at > 0 && isBlank(line.charCodeAt(at - 1))) at--;
  return line.charCodeAt(at - 1) === 58 ? { event: line.slice(word, end - 1), period } : undefined;
}
