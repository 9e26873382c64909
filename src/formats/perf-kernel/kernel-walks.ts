import type { KernelChains } from './kernel-chains.ts';
import { KernelRoom } from './kernel-room.ts';
import type { Kernel } from './open-kernel.ts';
import { ASKS, SHORT, WALKED } from './stack-walk.ts';

/** A thread of x86-64 as the kernel copied it: registers, and the stack from the stack pointer up. */
export interface Walk {
  readonly ip: number;
  readonly sp: number;
  readonly bp: number;
  /** 1 to 65,536 bytes. */
  readonly stack: Uint8Array;
  /** A number of this state of the process's memory, from 1. */
  readonly space: number;
  /** Says what is at an address, asked once for all walks where that is `lasting`. */
  frame(address: number): WalkFrame;
}

/** What is at an address. The constants are those of stack-walk.ts. */
export interface WalkFrame {
  readonly symbol: number;
  /** Whether it is that at all times. */
  readonly lasting: boolean;
  /** How the caller is found: BY_POINTER, FROM_STACK, FROM_POINTER, OUTERMOST or BY_MORE. */
  readonly way: number;
  /** Of the CFA, from the register that `way` names. */
  readonly frameAddress: number;
  /** Of the frame pointer, from the CFA; or NOT_SAVED. */
  readonly savedPointer: number;
  /** Of the return address, from the CFA. */
  readonly savedCode: number;
}

/** What most stacks are walked through by: of the others the rest follows. */
const FIRST_BYTES = 2048;

/** Gives copied stacks to the kernel. */
export class KernelWalks {
  /** Stacks that ended because the copied part did. */
  cut = 0;
  private readonly kernel: Kernel;
  private readonly chains: KernelChains;
  private readonly room: KernelRoom;

  /** @param chains the kernel's: a walk goes on from the chain that was read last */
  constructor(kernel: Kernel, chains: KernelChains) {
    this.kernel = kernel;
    this.chains = chains;
    this.room = new KernelRoom(kernel, kernel.stackRoom);
  }

  /**
   * Walks a stack; `chains.add` adds the sample.
   * @returns false where a frame needs more than the kernel knows of
   */
  read(walk: Walk): boolean {
    const { kernel } = this;
    const { stack, ip, sp, bp, space } = walk;
    const first = Math.min(FIRST_BYTES, stack.length);
    // Not subarray: that of a Buffer takes ten times as long
    this.room.put(new Uint8Array(stack.buffer, stack.byteOffset, first));
    let state = kernel.walkStack(ip, sp, bp, stack.length, first, space);
    while (state === ASKS || state === SHORT) {
      if (state === SHORT) {
        this.room.put(stack);
        state = kernel.walkAgain(stack.length);
      } else {
        const { symbol, lasting, way, frameAddress, savedPointer, savedCode } = walk.frame(kernel.askedAddress());
        state = kernel.tellFrame(symbol, lasting ? 1 : 0, way, frameAddress, savedPointer, savedCode);
      }
    }
    if (state !== WALKED || this.chains.length === 0) return false;
    if (kernel.walkWasCut()) this.cut++;
    return true;
  }
}
