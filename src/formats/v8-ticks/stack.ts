import type { ProfileBuilder } from '../../profile/builder.ts';
import type { Code } from './code.ts';

/** What V8 was doing (`v8::StateTag`), in the words of its profiler where it has some. Running code needs no word. */
const GC = 1;
const states: ReadonlyMap<number, string> = new Map([
  [GC, '(garbage collector)'],
  [2, '(parser)'],
  [3, '(bytecode compiler)'],
  [4, '(compiler)'],
]);

/** Waits: for `Atomics.wait` (idle before V8 8), for events; these take no processor. */
const WAITING: readonly number[] = [7, 8, 10];

export function isWaiting(vm: number): boolean {
  return WAITING.includes(vm);
}

/** Puts ticks into a profile. A frame of its own tells what V8 did between the script and its machine code. */
export class TickStacks {
  private readonly builder: ProfileBuilder;
  /** The frame of each code, and as it is while garbage is collected. */
  private readonly frames = new Map<Code, number>();
  private readonly gcFrames = new Map<Code, number>();

  constructor(builder: ProfileBuilder) {
    this.builder = builder;
  }

  /**
   * @param codes root first
   * @param vm V8's state; undefined = unknown
   * @returns the builder's stack, -1 without code
   */
  stack(codes: readonly Code[], vm: number | undefined): number {
    const word = vm === undefined ? undefined : states.get(vm);
    let callees = codes.length;
    if (word !== undefined) while (callees > 0 && codes[callees - 1]!.native) callees--;
    let stack = -1;
    for (let i = 0; i < callees; i++) stack = this.builder.stack(stack, this.frame(codes[i]!, false));
    if (word === undefined) return stack;
    stack = this.builder.stack(stack, this.builder.frame({ name: word, kind: vm === GC ? 'gc' : 'native' }));
    for (let i = callees; i < codes.length; i++) stack = this.builder.stack(stack, this.frame(codes[i]!, vm === GC));
    return stack;
  }

  private frame(code: Code, collecting: boolean): number {
    const known = collecting ? this.gcFrames : this.frames;
    let frame = known.get(code);
    if (frame === undefined) {
      frame = this.builder.frame(collecting ? { ...code.words, kind: 'gc' } : code.words);
      known.set(code, frame);
    }
    return frame;
  }
}
