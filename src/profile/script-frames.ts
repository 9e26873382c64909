import { PairInterner } from './columns.ts';
import { KINDS, type Kind, type Profile } from './profile.ts';
import { restack, stackTable } from './restack.ts';
import { withBareFrames } from './threads.ts';

/** What V8's own profiler calls time in which no JavaScript ran, and that of the collector. */
const PROGRAM = '(program)';
const COLLECTOR = '(garbage collector)';
const WORDS: ReadonlySet<string> = new Set([PROGRAM, COLLECTOR, '(idle)', '(root)']);

/** Kinds of code that JavaScript engines compile from source files. */
const SCRIPT: ReadonlySet<Kind> = new Set(['app', 'dependency', 'runtime', 'wasm']);
/** Where perf finds code that was made at run time. */
const madeAtRunTime = /(?:^|\/)(?:perf-\d+\.map|jitted-[^/]*\.so)$/;

/** Which frames of a profile are JavaScript, and whether there are others. */
export interface Scripts {
  /** 1 for each frame that is a JavaScript function with a place in a file. */
  readonly isScript: Uint8Array;
  /**
   * `only` = as V8's own profiler has it: JavaScript, its built-ins, and words for all else; `among` = with native or
   * kernel frames, as perf has it; `none` = no JavaScript.
   */
  readonly are: 'none' | 'only' | 'among';
}

/** Looks at what kinds of code stand in a profile's frames. */
export function scriptsOf({ frames, strings }: Profile): Scripts {
  const isScript = new Uint8Array(frames.length);
  let scripts = 0;
  let others = 0;
  for (let i = 0; i < frames.length; i++) {
    const kind = KINDS[frames.kind[i]!]!;
    const module = strings[frames.module[i]!]!;
    const inFile = frames.file[i] !== 0 && (module === '' || madeAtRunTime.test(module));
    if (SCRIPT.has(kind) && inFile) {
      isScript[i] = 1;
      scripts++;
    } else if (kind !== 'builtin' && !WORDS.has(strings[frames.name[i]!]!)) others++;
  }
  return { isScript, are: scripts === 0 ? 'none' : others === 0 ? 'only' : 'among' };
}

/**
 * A profile as V8's own profiler would tell it: JavaScript frames alone, so that it can be compared with one of V8. Time
 * in native code, built-ins and the kernel counts to the JavaScript that called them; without any to `(program)`, and
 * that of the garbage collector to `(garbage collector)`. No weight is lost.
 */
export function scriptFrames(profile: Profile, { isScript }: Scripts): Profile {
  const { stacks, samples } = profile;
  const { strings, frames, frameOf } = withBareFrames(profile, [PROGRAM, COLLECTOR]);
  const [program, collector] = [frameOf[0]!, frameOf[1]!];
  const kinds = frames.kind.slice();
  kinds[program] = KINDS.indexOf('native');
  kinds[collector] = KINDS.indexOf('gc');

  const gc = KINDS.indexOf('gc');
  const inCollector = new Uint8Array(stacks.length);
  for (let stack = 0; stack < stacks.length; stack++) {
    const caller = stacks.parent[stack]!;
    const isCollector = profile.frames.kind[stacks.frame[stack]!] === gc;
    inCollector[stack] = isCollector || (caller >= 0 && inCollector[caller] === 1) ? 1 : 0;
  }
  const interner = new PairInterner();
  const kept = Int32Array.from(isScript, (script, frame) => (script === 1 ? frame : -1));
  const stackMap = restack(stacks, kept, interner);
  const programStack = interner.intern(-1, program);
  const collectorStack = interner.intern(-1, collector);
  const stack = samples.stack.map((leaf) => {
    if (leaf >= 0 && inCollector[leaf] === 1) return collectorStack;
    return leaf < 0 || stackMap[leaf]! < 0 ? programStack : stackMap[leaf]!;
  });
  return {
    ...profile,
    strings,
    frames: { ...frames, kind: kinds },
    stacks: stackTable(interner),
    samples: { ...samples, stack },
  };
}
