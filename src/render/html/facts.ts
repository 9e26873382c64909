import type { Profile } from '../../profile/profile.ts';
import { sampleCount } from '../../profile/sample-count.ts';
import { formatValue, groupDigits } from '../../profile/units.ts';

/** What is known of a recording, as a table of names and words; what is not known has no row. */
export function factsOf(profile: Profile): (readonly [string, string])[] {
  const { meta, valueTypes, threads } = profile;
  const facts: [string, string | undefined][] = [
    ['Command', meta.command?.join(' ')],
    ['Recorded by', meta.tool],
    ['Host', meta.host],
    ['Started', meta.startTime === undefined ? undefined : startText(meta.startTime)],
    ['Duration', meta.duration === undefined ? undefined : formatValue(meta.duration, 'nanoseconds')],
    ['Measured', valueTypes.map(({ type, unit }) => (unit === 'count' ? type : `${type} (${unit})`)).join(', ')],
    ['Samples', groupDigits(sampleCount(profile))],
    ['Interval', meta.sampleInterval === undefined ? undefined : formatValue(meta.sampleInterval, 'nanoseconds')],
    ['Threads', threads.length === 0 ? undefined : groupDigits(threads.length)],
    ['Read from', meta.format],
  ];
  return facts.filter((fact): fact is [string, string] => fact[1] !== undefined && fact[1] !== '');
}

/** `2026-07-18 09:30:12 UTC`: the page may be read in another time zone. */
function startText(milliseconds: number): string | undefined {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? undefined : `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
