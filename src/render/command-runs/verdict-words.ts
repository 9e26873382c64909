import type { PairedVerdict } from '../../bench/pairs/verdict.ts';

/** `1.05 ×`. @param ratio head / base */
export function ratioText(ratio: number): string {
  return `${ratio < 0.1 ? ratio.toPrecision(2) : ratio.toFixed(2)} ×`;
}

/** `+5.2 %`. @param ratio head / base */
export function percentText(ratio: number): string {
  const percent = (ratio - 1) * 100;
  const digits = Math.abs(percent) < 10 || percent < -90 ? 1 : 0;
  return `${percent < 0 ? '' : '+'}${percent.toFixed(digits)} %`;
}

const WORDS = {
  regressed: 'slower',
  improved: 'faster',
  equivalent: 'as fast (any difference is below the noise threshold)',
  inconclusive: 'undecided',
} as const;

/** What a verdict says of a command against its reference. */
export function verdictWords({ verdict }: Pick<PairedVerdict, 'verdict'>): string {
  return WORDS[verdict];
}
