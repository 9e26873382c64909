/** One line of a table for spreadsheets: RFC 4180. */
export function csvLine(cells: readonly (string | number)[]): string {
  return `${cells.map((cell) => (typeof cell === 'number' ? cell : csvText(cell))).join(',')}\r\n`;
}

/**
 * One cell. A text that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, "CSV injection").
 * NUL ends a text in some readers, so it is shown as its picture.
 */
function csvText(text: string): string {
  const inert = (/^\s*[=+\-@\t\r＝＋－＠]/.test(text) ? `'${text}` : text).replaceAll('\0', '\u2400');
  return /[",\r\n;\t']/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
