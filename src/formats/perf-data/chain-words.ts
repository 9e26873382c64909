import type { RawChain } from './recording.ts';
import type { Words } from './words.ts';

/** What a record of 64 KiB can hold. */
const MOST_WORDS = 8192;

/** Values of a call chain that say of which kind the addresses after them are: -4095 to -1 (`PERF_CONTEXT_*`). */
const FIRST_CONTEXT = 0xfffff001;
const ALL_ONES = 0xffffffff;
const CONTEXT_KERNEL = -128;
const CONTEXT_GUEST_KERNEL = -2176;
/** The user's part follows in a record of its own: here stands a number that names it. */
const CONTEXT_USER_DEFERRED = -640;

/** The call chain of a sample, where it stands in the record; read when somebody asks for it. */
export class ChainWords implements RawChain {
  readonly addresses = new Float64Array(MOST_WORDS);
  /** 1 = the address is the kernel's. */
  readonly kernel = new Uint8Array(MOST_WORDS);
  /** Of addresses, once it is read. */
  length = 0;
  /** Chains whose user part comes later, which is not read. */
  deferred = 0;
  bytes!: Uint8Array;
  view!: DataView;
  at = 0;
  count = 0;
  private readonly little: boolean;
  private kernelFirst = false;
  private isRead = false;

  constructor(little: boolean) {
    this.little = little;
  }

  take({ bytes, view }: Words, at: number, count: number, kernelFirst: boolean): void {
    this.bytes = bytes;
    this.view = view;
    this.at = at;
    this.count = count;
    this.kernelFirst = kernelFirst;
    this.isRead = false;
  }

  read(): this {
    if (this.count === 0) this.length = 0;
    else if (!this.isRead) this.readWords();
    return this;
  }

  private readWords(): void {
    const { little, addresses, kernel: kernels, view } = this;
    const end = this.at + 8 * this.count;
    const low = little ? 0 : 4;
    const high = 4 - low;
    let kernel = this.kernelFirst ? 1 : 0;
    let length = 0;
    for (let at = this.at; at < end; at += 8) {
      const top = view.getUint32(at + high, little);
      const bottom = view.getUint32(at + low, little);
      if (top === ALL_ONES && bottom >= FIRST_CONTEXT) {
        const context = bottom | 0;
        if (context === CONTEXT_USER_DEFERRED) {
          this.deferred++;
          break;
        }
        kernel = context === CONTEXT_KERNEL || context === CONTEXT_GUEST_KERNEL ? 1 : 0;
        continue;
      }
      addresses[length] = (top | 0) * 0x1_0000_0000 + bottom;
      kernels[length++] = kernel;
    }
    this.length = length;
    this.isRead = true;
  }
}
