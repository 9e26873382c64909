import type { AddressSpace, PerfSample, RawChain } from '../perf-data/recording.ts';
import { address64 } from '../perf-data/words.ts';
import type { Chain } from '../perf-kernel/kernel-chains.ts';
import type { Places } from './places.ts';

const NO_WORDS = new Uint8Array(0);

/** The call chain of a sample for the kernel, which asks for the places that it does not know yet. */
export class ChainPlaces implements Chain {
  kernelFirst = false;
  space = 0;
  private readonly places: Places;
  private raw: RawChain | undefined;
  private memory!: AddressSpace;
  private time = 0;

  constructor(places: Places) {
    this.places = places;
  }

  /**
   * @param raw undefined = it has none
   * @returns this, for the sample: valid until the next call
   */
  of(sample: PerfSample, raw: RawChain | undefined): this {
    this.raw = raw;
    this.kernelFirst = sample.kernelIp;
    this.memory = sample.space;
    this.time = sample.time;
    this.space = this.places.spaceNumber(sample.space);
    return this;
  }

  get words(): Uint8Array {
    if (this.raw === undefined) return NO_WORDS;
    const { bytes, at, count } = this.raw;
    // Not subarray: that of a Buffer takes ten times as long
    return new Uint8Array(bytes.buffer, bytes.byteOffset + at, 8 * count);
  }

  symbol(index: number, kernel: boolean, caller: boolean): number {
    const address = address64(this.raw!.view, this.raw!.at + 8 * index, true);
    return kernel
      ? this.places.kernelPlace(address, caller)
      : this.places.userPlace(this.memory, address, caller, this.time);
  }

  get lasting(): boolean {
    return this.places.lasting;
  }
}
