import type { Claim, Format } from './format.ts';
import { detectLayout } from './perf-stat/layout.ts';

/**
 * What perf stat counted, as it was saved: the text for people of any version and locale, `-x` with any separator, `-j`,
 * each also with -I, -r, -A, --per-thread and the like, several runs behind each other (`--append`); and what
 * `pforge-prof perf-stat --json` writes. Counters, no samples.
 */
export const perfStat: Format = {
  id: 'perf-stat',
  title: 'perf stat output',
  detect(head): Claim {
    return detectLayout(head) === undefined ? 'no' : 'yes';
  },
  async read(input, notes) {
    const { readCounterRuns } = await import('./perf-stat/read-counter-runs.ts');
    const { combinedProfile } = await import('../profile/counters/combined-profile.ts');
    return combinedProfile(await readCounterRuns(input, notes));
  },
};
