import { noMemory } from '../input/no-memory.ts';
import type { Kernel } from './open-kernel.ts';

/** A place in the kernel's memory where it takes bytes from; memory that grows stands elsewhere. */
export class KernelRoom {
  private readonly kernel: Kernel;
  private readonly address: () => number;
  private bytes = new Uint8Array(0);

  /** @param address of the room, which the kernel makes when it is first asked for; 0 = there is not enough memory */
  constructor(kernel: Kernel, address: () => number) {
    this.kernel = kernel;
    this.address = address;
  }

  /**
   * Copies bytes to the start of the room.
   * @throws {UserError} not enough memory
   */
  put(bytes: Uint8Array): void {
    const { kernel } = this;
    if (this.bytes.buffer !== kernel.memory()) {
      const at = this.address();
      if (at === 0) throw noMemory();
      this.bytes = new Uint8Array(kernel.memory(), at);
    }
    this.bytes.set(bytes);
  }
}
