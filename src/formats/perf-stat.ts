import { UserError } from '../errors.ts';
import type { Claim, Format, Input } from './format.ts';
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
    try {
      return combinedProfile(await readCounterRuns(input, notes));
    } catch (error) {
      throw error instanceof UserError ? toldWhereToGo(error, input) : error;
    }
  },
};

/** Who gives counters to a command for samples is told of the other one, however broken they are. */
function toldWhereToGo({ message, hint }: UserError, { path, name }: Input): UserError {
  const where = `counters are for pforge-prof perf-stat ${path === undefined ? '-' : name}`;
  return new UserError(message, { hint: hint === undefined ? where : `${hint}; ${where}` });
}
