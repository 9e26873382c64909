import { noMemory } from '../input/no-memory.ts';
import { KernelRoom } from './kernel-room.ts';
import type { Kernel } from './open-kernel.ts';

/** A call chain of addresses. */
export interface Chain {
  /** As it stands in a record: words of 8 bytes, the lowest byte first. */
  readonly words: Uint8Array;
  /** Whether the first address is the kernel's. */
  readonly kernelFirst: boolean;
  /** A number of this state of the process's memory, from 1. */
  readonly space: number;
  /**
   * What an address is: asked once for all chains where that is `lasting`.
   * @param index in the chain
   * @param caller whether it is where a call returns to
   */
  symbol(index: number, kernel: boolean, caller: boolean): number;
  /** Whether the last symbol is that of its address at all times. */
  readonly lasting: boolean;
}

/** Gives call chains to the kernel. */
export class KernelChains {
  private readonly kernel: Kernel;
  /** Where the kernel takes a chain from. */
  private readonly room: KernelRoom;

  constructor(kernel: Kernel) {
    this.kernel = kernel;
    this.room = new KernelRoom(kernel, kernel.chainRoom);
  }

  /** How many symbols there are of what was read last. */
  get length(): number {
    return this.kernel.chainLength();
  }

  /**
   * Reads a chain.
   * @returns false where a part of it stands elsewhere
   */
  read(chain: Chain): boolean {
    const { kernel } = this;
    const { words } = chain;
    this.room.put(words);
    let asked = kernel.readChain(words.length / 8, chain.kernelFirst ? 1 : 0, chain.space);
    while (asked >= 0) {
      const symbol = chain.symbol(asked, kernel.chainIsKernel() === 1, kernel.chainIsCaller() === 1);
      asked = kernel.tellSymbol(symbol, chain.lasting ? 1 : 0);
    }
    return asked === -1;
  }

  /** Adds a sample with the chain that was read last for its stack. */
  add(thread: number, event: number, period: number, time: number): void {
    if (!this.kernel.addChain(thread, event, period, time)) throw noMemory();
  }
}
