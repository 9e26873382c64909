import { shortTime } from './load-numbers.ts';

/** A logarithmic axis of latencies, from whole decades to whole decades. */
export interface TimeScale {
  /** Px above the foot of the panel; latencies below the axis lie on its foot. */
  at(micros: number): number;
  readonly ticks: readonly { readonly micros: number; readonly label: string }[];
}

/** @param least smallest latency that matters @param height px */
export function timeScale(least: number, most: number, height: number): TimeScale {
  const low = Math.floor(Math.log10(Math.max(1, least)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(2, most)) - 1e-9));
  const at = (micros: number): number => {
    const part = (Math.log10(Math.max(1, micros)) - low) / (high - low);
    return Math.max(0, Math.min(1, part)) * height;
  };
  const factors = high - low <= 2 ? [1, 2, 5] : high - low <= 4 ? [1, 3] : [1];
  const ticks: { micros: number; label: string }[] = [];
  for (let power = low; power <= high; power++) {
    for (const factor of factors) {
      const micros = factor * 10 ** power;
      if (micros <= 10 ** high) ticks.push({ micros, label: shortTime(micros) });
    }
  }
  return { at, ticks };
}
