import { byCodeUnits } from './by-code-units.ts';
import { HEAP_FRAMES } from './heap-frames.ts';
import { threadLabel } from './kind.ts';
import { defaultValueIndex, KINDS, type Profile } from './profile.ts';
import { totalWeight } from './total.ts';
import { formatPercent } from './units.ts';
import { OFF_CPU_FRAME, PREEMPTED_FRAME } from './waiting.ts';
import { selfWeights, stacklessWeight } from './weights.ts';

/** Frames of our own in brackets. */
const ownFrames: ReadonlySet<string> = new Set([OFF_CPU_FRAME, PREEMPTED_FRAME, ...HEAP_FRAMES]);

/** Why a frame has no name. */
type UnknownCause = 'stack' | 'symbols' | 'kernel' | 'jit';

export interface UnknownShare {
  /** The whole weight. */
  readonly weight: number;
  /** Weight of the samples whose leaf has no name, those without a stack included. */
  readonly leaf: number;
  /** Weight of the samples in which any frame has no name. */
  readonly any: number;
  /** The weight of `any` by the module of the innermost nameless frame, heaviest first; '' = not even a module. */
  readonly modules: readonly { readonly module: string; readonly cause: UnknownCause; readonly weight: number }[];
}

/**
 * How much of the weight lies in stacks with frames that nobody could name: `[unknown]`, or `[libc.so.6]` where only
 * the module is known.
 */
export function unknownShare(profile: Profile, valueIndex = defaultValueIndex(profile)): UnknownShare {
  const { stacks, frames } = profile;
  const nameless = Uint8Array.from({ length: frames.length }, (_, frame) => (isNameless(profile, frame) ? 1 : 0));
  const self = selfWeights(profile, valueIndex);
  const stackless = stacklessWeight(profile, valueIndex);
  const sums = new Map<string, { module: string; cause: UnknownCause; weight: number }>();
  const add = (module: string, cause: UnknownCause, weight: number): void => {
    const sum = sums.get(`${cause} ${module}`) ?? { module, cause, weight: 0 };
    sum.weight += weight;
    sums.set(`${cause} ${module}`, sum);
  };
  // The innermost nameless frame on each stack's path, -1 = none.
  const innermost = new Int32Array(stacks.length);
  let leaf = stackless;
  let any = stackless;
  if (stackless > 0) add('', 'stack', stackless);
  for (let stack = 0; stack < stacks.length; stack++) {
    const caller = stacks.parent[stack]!;
    const frame = stacks.frame[stack]!;
    innermost[stack] = nameless[frame] === 1 ? frame : caller < 0 ? -1 : innermost[caller]!;
    if (self[stack] === 0 || innermost[stack]! < 0) continue;
    any += self[stack]!;
    if (nameless[frame] === 1) leaf += self[stack]!;
    const module = moduleOf(profile, innermost[stack]!);
    add(module, causeOf(profile, innermost[stack]!, module), self[stack]!);
  }
  const modules = [...sums.values()].sort((a, b) => b.weight - a.weight || byCodeUnits(a.module, b.module));
  return { weight: totalWeight(profile, valueIndex), leaf, any, modules };
}

/** Below this part of the weight nobody needs advice. */
const WORTH_SAYING = 0.1;

/** One line on frames without a name and what mends them; undefined below a tenth of the weight. */
export function unknownAdvice(profile: Profile): string | undefined {
  const { weight, leaf, any, modules } = unknownShare(profile);
  const worst = modules[0];
  if (worst === undefined || any < weight * WORTH_SAYING) return undefined;
  const shares = `${formatPercent(any, weight, 1)} of the weight has frames without a name (as the leaf: ${formatPercent(leaf, weight, 1)})`;
  const where = worst.module === '' ? '' : `, most in ${worst.module}`;
  return `${shares}${where}: ${REMEDIES[worst.cause]}`;
}

const REMEDIES: Readonly<Record<UnknownCause, string>> = {
  stack:
    'the stacks are broken: build with -fno-omit-frame-pointer, or record with --call-graph dwarf; a perf map names ' +
    'the code of a just-in-time compiler',
  symbols: 'it has no symbols: install its debug symbols, or build it with -g and do not strip it',
  kernel: 'the kernel hides its symbols: sysctl kernel.kptr_restrict=0, or record as root',
  jit: 'code made at run time needs a perf map: node --perf-basic-prof, java -XX:+DumpPerfMapAtExit; keep /tmp/perf-PID.map',
};

function isNameless({ frames, strings }: Profile, frame: number): boolean {
  const name = strings[frames.name[frame]!]!;
  return frames.file[frame] === 0 && isNamelessName(name);
}

/** Whether a name, of a frame without a file, is none. */
export function isNamelessName(name: string): boolean {
  // `[libc.so.6]`, `[[kernel.kallsyms]]`: stackcollapse-perf.pl's way to name a module instead of a function.
  return name === '' || (/^\[.+\]$/.test(name) && !threadLabel.test(name) && !ownFrames.has(name));
}

function moduleOf({ frames, strings }: Profile, frame: number): string {
  const module = strings[frames.module[frame]!]!;
  if (module !== '') return module;
  const named = /^\[(.+)\]$/.exec(strings[frames.name[frame]!]!)?.[1] ?? '';
  return named === 'unknown' ? '' : named;
}

function causeOf({ frames }: Profile, frame: number, module: string): UnknownCause {
  const kind = KINDS[frames.kind[frame]!]!;
  if (kind === 'kernel') return 'kernel';
  if (kind === 'jit') return 'jit';
  return module === '' ? 'stack' : 'symbols';
}
