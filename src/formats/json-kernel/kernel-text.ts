import type { JsonKernel } from './open-json-kernel.ts';

const LEAST = 1 << 11;

/**
 * How much text a kernel is given at once: little where it stops early, as all that it does not take is copied for
 * nothing.
 */
export class KernelText {
  private readonly kernel: JsonKernel;
  private size = LEAST;

  constructor(kernel: JsonKernel) {
    this.kernel = kernel;
  }

  /** Puts text into the kernel. @returns how many bytes */
  put(bytes: Uint8Array, start: number, end: number): number {
    const length = Math.min(end - start, this.size);
    this.kernel.text.set(bytes.subarray(start, start + length));
    return length;
  }

  /** @param all whether the kernel took what it was given, but for what is cut at the end */
  took(all: boolean): void {
    this.size = all ? Math.min(this.size * 2, this.kernel.text.length) : LEAST;
  }
}
