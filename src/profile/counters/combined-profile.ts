import { mean } from '../../statistics/moments.ts';
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
  const { name, unit, missing, percentRunning } = column;
  if (missing !== undefined) return { name, unit, value: 0, supported: false };
  const { n, mean: value, error } = spreadOf(column);
  const variance = value === 0 ? 0 : (error / Math.abs(value)) * 100;
  const share = mean(percentRunning?.filter((percent) => percent > 0) ?? []);
  return {
    name,
    unit,
    value,
    ...(Number.isFinite(variance) ? { variance } : {}),
    ...(n === undefined ? {} : { runs: n }),
    ...(Number.isNaN(share) ? {} : { percentRunning: share }),
    supported: true,
  };
}
