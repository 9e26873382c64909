import { quantile, sorted } from '../../statistics/quantile.ts';

/** Tukey's fences in ascending order: severe low, mild low, mild high, severe high. */
export type Fences = readonly [number, number, number, number];

export type OutlierLabel = 'low severe' | 'low mild' | 'high mild' | 'high severe';

/** How many samples lie beyond which fence. They are counted and told, never dropped. */
export type OutlierCounts = Readonly<Record<OutlierLabel, number>>;

/** Fences 1.5 and 3 interquartile ranges from the quartiles (Tukey, "Exploratory Data Analysis", 1977). */
export function tukeyFences(values: ArrayLike<number>): Fences {
  const ascending = sorted(values);
  const q1 = quantile(ascending, 0.25);
  const q3 = quantile(ascending, 0.75);
  const range = q3 - q1;
  return [q1 - 3 * range, q1 - 1.5 * range, q3 + 1.5 * range, q3 + 3 * range];
}

/** Beyond which fence a value lies; undefined between the mild ones. */
export function outlierLabel(value: number, fences: Fences): OutlierLabel | undefined {
  if (value < fences[0]) return 'low severe';
  if (value > fences[3]) return 'high severe';
  if (value < fences[1]) return 'low mild';
  if (value > fences[2]) return 'high mild';
  return undefined;
}

export function countOutliers(values: Iterable<number>, fences: Fences): OutlierCounts {
  const counts = { 'low severe': 0, 'low mild': 0, 'high mild': 0, 'high severe': 0 };
  for (const value of values) {
    const label = outlierLabel(value, fences);
    if (label !== undefined) counts[label]++;
  }
  return counts;
}
