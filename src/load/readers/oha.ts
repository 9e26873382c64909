import { JsonFigures, statusesOf } from './json-figures.ts';
import { failedIn, type LoadReader, latencyFrom, resultOf } from './load-reader.ts';

/** oha --output-format json (older: --json); its schema.json names the fields. Seconds. */
export const ohaJson: LoadReader = {
  id: 'oha',
  title: 'oha --output-format json',
  detect: (text) =>
    /^\s*\{/.test(text) && text.includes('"latencyPercentiles"') && text.includes('"statusCodeDistribution"'),
  read(text, name) {
    const result = JsonFigures.parse(text, name);
    const micros = (...path: readonly string[]): number | undefined => {
      const value = result.number(...path);
      return value === undefined ? undefined : value * 1e6;
    };
    const statuses = statusesOf(result.entries('statusCodeDistribution'));
    const errors = { connect: 0, refused: 0, reset: 0, timeout: 0 };
    for (const [words, figures] of result.entries('errorDistribution')) {
      const count = figures.number() ?? 0;
      if (/deadline/.test(words)) continue;
      const kind = /refused/i.test(words)
        ? 'refused'
        : /timed? ?out/i.test(words)
          ? 'timeout'
          : /connect|dns|resolve/i.test(words)
            ? 'connect'
            : 'reset';
      errors[kind] += count;
      if (kind === 'refused') errors.connect += count;
    }
    return resultOf({
      engine: 'oha',
      seconds: result.required('summary', 'total'),
      requests: [...statuses.values()].reduce((sum, count) => sum + count, 0),
      bytes: result.number('summary', 'totalData'),
      errors: { ...errors, status: failedIn(statuses) },
      statuses,
      latency: latencyFrom(
        { mean: micros('summary', 'average'), min: micros('summary', 'fastest'), max: micros('summary', 'slowest') },
        result.entries('latencyPercentiles').map(([key]) => [Number(key.slice(1)), micros('latencyPercentiles', key)]),
      ),
      unanswered: result.number('errorDistribution', 'aborted due to deadline'),
      notes: ['only bytes of bodies are counted'],
    });
  },
};
