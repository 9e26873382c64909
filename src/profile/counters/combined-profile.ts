import { ProfileBuilder } from '../builder.ts';
import type { Counter, Profile } from '../profile.ts';
import type { CounterColumn, CounterRuns } from './counter-runs.ts';
import { spreadOf } from './spread.ts';

/** The runs as a profile without samples: of each counter its mean, the variance of that in percent, and the series. */
export function combinedProfile(runs: CounterRuns): Profile {
  return new ProfileBuilder([{ type: 'samples', unit: 'count' }]).build(
    { tool: 'perf stat', ...(runs.command === undefined ? {} : { command: runs.command }), notes: runs.notes },
    { counters: runs.counters.map(counterOf), series: runs.series },
  );
}

function counterOf(column: CounterColumn): Counter {
  const { name, unit, missing, percentRunning, values, summary } = column;
  if (missing !== undefined) return { name, unit, value: 0, supported: false };
  const { count, mean, errorPercent } = spreadOf(values);
  const runs = summary === undefined ? count : summary.runs;
  const variance = summary?.variancePercent ?? (count > 1 ? errorPercent : undefined);
  const share = percentRunning && spreadOf(percentRunning.filter((percent) => percent > 0));
  return {
    name,
    unit,
    value: mean,
    ...(variance === undefined ? {} : { variance }),
    ...(runs === undefined ? {} : { runs }),
    ...(share === undefined || share.count === 0 ? {} : { percentRunning: share.mean }),
    supported: true,
  };
}
