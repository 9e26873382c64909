/** One sample of OpenMetrics text. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * A strict reader of OpenMetrics text 1.0 as far as gauges go: metadata before samples, families in one piece and once, units that
 * end names, no sample twice, `# EOF` at the end.
 * @throws {Error} the line that breaks a rule
 */
export function parseOpenMetrics(text: string): Sample[] {
  const lines = text.split('\n');
  if (lines.pop() !== '' || lines.pop() !== '# EOF') throw new Error('it does not end with # EOF');
  const samples: Sample[] = [];
  const families = new Set<string>();
  const seen = new Set<string>();
  let family = '';
  for (const line of lines) {
    const [, key, name, value] = /^# (TYPE|UNIT) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/.exec(line) ?? [];
    if (key === 'TYPE') {
      if (families.has(name!) || value !== 'gauge') throw new Error(line);
      families.add(name!);
      family = name!;
      continue;
    }
    if (key === 'UNIT') {
      if (name !== family || !name.endsWith(`_${value}`)) throw new Error(line);
      continue;
    }
    const label = String.raw`[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\"n])*"`;
    const shape = new RegExp(
      String.raw`^([a-zA-Z_:][a-zA-Z0-9_:]*)\{(${label}(?:,${label})*)?\} (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$`,
      'u',
    );
    const [, sample, labels = '', number] = shape.exec(line) ?? [];
    if (sample === undefined || sample !== family) throw new Error(`no sample: ${line}`);
    if (seen.has(`${sample}{${labels}}`)) throw new Error(`twice: ${line}`);
    seen.add(`${sample}{${labels}}`);
    const pairs = [...labels.matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/gu)];
    samples.push({
      name: sample,
      labels: Object.fromEntries(
        pairs.map(([, key2, escaped]) => [
          key2!,
          escaped!.replace(/\\(.)/g, (_, one: string) => (one === 'n' ? '\n' : one)),
        ]),
      ),
      value: Number(number),
    });
  }
  return samples;
}
