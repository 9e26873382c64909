import { plural } from '../plural.ts';
import { IDLE_COUNTER, type Profile } from '../profile/profile.ts';
import { sampleCount } from '../profile/sample-count.ts';
import { totalWeight } from '../profile/total.ts';
import { formatValue, groupDigits } from '../profile/units.ts';

/**
 * What a profile holds, in a few words: `10,245 samples`, `12.8 s`, `3 threads`; without what is unknown or would be
 * said twice. Not escaped.
 * @param countName what a weight of unit `count` is called. Default: the value type's own name
 * @param samples how many there are, where the profile does not hold them all
 */
export function summaryOf(
  profile: Profile,
  valueIndex: number,
  countName?: string,
  samples = sampleCount(profile),
): string[] {
  const { type, unit } = profile.valueTypes[valueIndex]!;
  const weight = totalWeight(profile, valueIndex);
  const counted = countName ?? type;
  const parts: string[] = [];
  if (unit !== 'count' || counted !== 'samples') {
    parts.push(`${groupDigits(samples)} ${plural(samples, 'sample')}`);
  }
  const value = formatValue(weight, unit);
  if (unit !== 'count') parts.push(value);
  else parts.push(`${value} ${counted === 'samples' && weight === 1 ? 'sample' : counted}`);
  if (profile.threads.length > 1) parts.push(`${groupDigits(profile.threads.length)} threads`);
  return [...parts, ...idleParts(profile)];
}

/** Threads that wait beside one that works are idle too: the sum may be more than the time that went by. */
function idleParts(profile: Profile): string[] {
  const sums = new Map<string, number>();
  for (const { name, unit, value } of profile.counters) {
    if (name === IDLE_COUNTER) sums.set(unit, (sums.get(unit) ?? 0) + value);
  }
  return [...sums].map(([unit, value]) => {
    const text = unit === 'samples' ? `${groupDigits(value)} ${plural(value, 'sample')}` : formatValue(value, unit);
    return `${text} idle`;
  });
}
