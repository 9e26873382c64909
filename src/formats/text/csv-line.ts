/**
 * The fields of one line of CSV (RFC 4180). Blanks before an opening quote stay part of the field, as VTune writes them.
 * Undefined where a quote does not close.
 */
export function csvLine(line: string): string[] | undefined {
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    let open = at;
    while (line[open] === ' ') open++;
    if (line[open] !== '"') {
      const end = line.indexOf(',', at);
      fields.push(end < 0 ? line.slice(at) : line.slice(at, end));
      if (end < 0) return fields;
      at = end + 1;
      continue;
    }
    let close = open + 1;
    while (line[close] !== '"' || line[close + 1] === '"') {
      if (close >= line.length) return undefined;
      close += line[close] === '"' ? 2 : 1;
    }
    fields.push(line.slice(at, open) + line.slice(open + 1, close).replaceAll('""', '"'));
    at = close + 1;
    if (at >= line.length) return fields;
    if (line[at] !== ',') return undefined;
    at++;
  }
}
