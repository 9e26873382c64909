import type { JsonKernel } from './open-json-kernel.ts';

const LEAST = 1 << 11;
const MOST = 1 << 16;

/**
 * How text comes to a kernel: a window that lies in its memory is there; of others it is given a copy, little where it stops
 * early, as all that it does not take is copied for nothing.
 */
export class KernelText {
  /** Where the kernel's text starts and ends. */
  from = 0;
  end = 0;
  private readonly kernel: JsonKernel;
  private size = LEAST;

  constructor(kernel: JsonKernel) {
    this.kernel = kernel;
  }

  put(bytes: Uint8Array, start: number, end: number): void {
    if (bytes === this.kernel.text) {
      this.from = start;
      this.end = end;
      return;
    }
    const length = Math.min(end - start, this.size);
    this.kernel.text.set(bytes.subarray(start, start + length));
    this.from = 0;
    this.end = length;
  }

  /** @param all whether the kernel took what it was given, but for what is cut at the end */
  took(all: boolean): void {
    this.size = all ? Math.min(this.size * 2, MOST) : LEAST;
  }
}
