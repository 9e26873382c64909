import type { Kind, Tier } from '../profile/profile.ts';

/** How pictures and tables call a kind of frame. */
export const KIND_TITLES: Readonly<Record<Kind, string>> = {
  app: 'app',
  dependency: 'dependencies',
  runtime: 'node core',
  native: 'native',
  builtin: 'builtins',
  kernel: 'kernel',
  gc: 'GC',
  jit: 'JIT',
  inlined: 'inlined',
  wasm: 'wasm',
  unknown: 'other',
};

/** How pictures call the way a just-in-time compiler ran a frame. */
export const TIER_TITLES: Readonly<Record<Tier, string>> = {
  interpreted: 'interpreted',
  baseline: 'baseline',
  mid: 'mid tier',
  optimized: 'optimized',
  none: 'not JavaScript',
};
