import type { Destination } from './destination.ts';
import type { Transport } from './http.ts';
import type { Labels } from './labels.ts';
import type { Metric } from './metrics.ts';

/** Characters that are sent at once, unless one series is longer. */
const BATCH = 4 << 20;

/**
 * Adds numbers with their times, old ones as well (`POST /api/v1/import`, JSON lines). The same number of the same time is
 * one number there, however often it is sent.
 */
export async function pushToVictoriaMetrics(
  metrics: readonly Metric[],
  common: Labels,
  { base }: Destination,
  transport: Transport,
): Promise<void> {
  let batch: string[] = [];
  let length = 0;
  const send = async (): Promise<void> => {
    if (batch.length === 0) return;
    await transport.send({
      method: 'POST',
      url: new URL('api/v1/import', base),
      headers: { 'content-type': 'application/stream+json' },
      body: batch.join(''),
      says: `${batch.length} series`,
      repeatable: true,
    });
    batch = [];
    length = 0;
  };
  for (const line of seriesLines(metrics, common)) {
    batch.push(line);
    length += line.length;
    if (length >= BATCH) await send();
  }
  await send();
}

function* seriesLines(metrics: readonly Metric[], common: Labels): Iterable<string> {
  const series = new Map<string, Map<number, number>>();
  for (const { name, labels, value, time } of metrics) {
    const key = JSON.stringify({ __name__: name, ...Object.fromEntries(common), ...Object.fromEntries(labels) });
    let points = series.get(key);
    if (points === undefined) {
      points = new Map();
      series.set(key, points);
    }
    // Of several at the same moment the last stays, as there
    points.set(Math.round(time), value);
  }
  for (const [metric, points] of series) {
    const timestamps = [...points.keys()].sort((a, b) => a - b);
    const values = timestamps.map((time) => points.get(time)!);
    yield `{"metric":${metric},"values":${JSON.stringify(values)},"timestamps":${JSON.stringify(timestamps)}}\n`;
  }
}
