import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openKernel } from '../../../src/formats/perf-kernel/either-kernel.ts';
import { type Chain, KernelChains } from '../../../src/formats/perf-kernel/kernel-chains.ts';
import { KernelSamples } from '../../../src/formats/perf-kernel/kernel-samples.ts';

const KERNEL = -128n;
const GUEST_KERNEL = -2176n;
const USER = -512n;
const DEFERRED = -640n;
const DEEPEST = 1024;

interface Frame {
  readonly address: bigint;
  readonly kernel: boolean;
  readonly caller: boolean;
}

/** What a chain means, as perf's reader takes it; undefined where a part of it comes later. */
function framesOf(words: readonly bigint[], kernelFirst: boolean): Frame[] | undefined {
  const frames: Frame[] = [];
  let kernel = kernelFirst;
  for (const word of words) {
    if (word < 0n && word >= -4095n) {
      if (frames.length === DEEPEST) break;
      if (word === DEFERRED) return undefined;
      kernel = word === KERNEL || word === GUEST_KERNEL;
    } else frames.push({ address: word, kernel, caller: frames.at(-1)?.kernel === kernel });
  }
  return frames.slice(0, DEEPEST);
}

/** Numbers symbols as the caller of the kernel does: by all that an address is looked up by. */
class Symbols {
  private readonly known = new Map<string, number>();
  asked = 0;

  of({ address, kernel, caller }: Frame, space: number): number {
    const key = `${kernel ? 'kernel' : space} ${address} ${caller}`;
    let symbol = this.known.get(key);
    if (symbol === undefined) {
      symbol = this.known.size;
      this.known.set(key, symbol);
    }
    return symbol;
  }

  chain(words: readonly bigint[], kernelFirst: boolean, space: number, isLasting: (address: bigint) => boolean): Chain {
    const signed = BigInt64Array.from(words);
    const symbols = this;
    let lasting = true;
    return {
      words: new Uint8Array(signed.buffer),
      kernelFirst,
      space,
      symbol(index, kernel, caller) {
        symbols.asked++;
        lasting = isLasting(words[index]!);
        return symbols.of({ address: words[index]!, kernel, caller }, space);
      },
      get lasting() {
        return lasting;
      },
    };
  }
}

const address = fc.oneof(
  fc.bigInt({ min: 0x400000n, max: 0x400010n }),
  fc.bigInt({ min: -0x7f000000n, max: -0x7efffff0n }),
  fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }),
);
const word = fc.oneof(
  { weight: 5, arbitrary: address },
  fc.constantFrom(KERNEL, USER, GUEST_KERNEL, -1n, -4095n, -4096n, DEFERRED),
);
const sample = fc.record({
  words: fc.array(word, { maxLength: 40 }),
  kernelFirst: fc.boolean(),
  space: fc.integer({ min: 1, max: 3 }),
});

describe.each(['wasm', 'script'] as const)('call chains in the kernel, in %s', (kind) => {
  function open() {
    const kernel = openKernel(kind)!;
    kernel.start(16, 0, 0, 1, 2);
    const store = new KernelSamples(kernel);
    /** The stack of the sample that was added last. */
    const stack = (): number => new Int32Array(kernel.memory(), kernel.sampleChunk(0), kernel.sampleCount()).at(-1)!;
    return { kernel, store, chains: new KernelChains(kernel), stack };
  }

  test('a chain is the stack of the symbols of its addresses', () => {
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 30 }), fc.bigInt({ min: 1n, max: 4n }), (samples, dated) => {
        const { kernel, store, chains, stack } = open();
        const symbols = new Symbols();
        for (const { words, kernelFirst, space } of samples) {
          const frames = framesOf(words, kernelFirst);
          const chain = symbols.chain(words, kernelFirst, space, (one) => one % dated !== 0n);
          const isRead = chains.read(chain);
          expect(isRead).toBe(frames !== undefined);
          if (!isRead) continue;
          chains.add(0, 0, 1, 0);
          const added = stack();
          const list = frames!.map((frame) => symbols.of(frame, space));
          store.addSymbols(list, list.length, 0, 0, 1, 0);
          expect(stack()).toBe(added);
        }
        kernel.close();
      }),
    );
  });

  test('what is lasting is asked for once; what is not, each time', () => {
    const { kernel, chains } = open();
    const symbols = new Symbols();
    const words = [1n, 2n, 3n].map((one) => one << 40n);
    for (let i = 0; i < 4; i++) {
      chains.read(symbols.chain(words, false, 1, (one) => one !== 2n << 40n));
      chains.add(0, 0, 1, 0);
    }
    expect(symbols.asked).toBe(3 + 3);
    kernel.close();
  });

  test('more addresses than are remembered, and chains deeper than stacks', () => {
    const { kernel, store, chains, stack } = open();
    const symbols = new Symbols();
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 200; i++) {
        const words = Array.from({ length: 1100 }, (_, at) => BigInt(i * 1100 + at) << 4n);
        chains.read(symbols.chain(words, false, 1, () => true));
        chains.add(0, 0, 1, 0);
        const added = stack();
        const list = framesOf(words, false)!.map((frame) => symbols.of(frame, 1));
        expect(list).toHaveLength(DEEPEST);
        store.addSymbols(list, list.length, 0, 0, 1, 0);
        expect(stack()).toBe(added);
      }
    }
    kernel.close();
  });
});
