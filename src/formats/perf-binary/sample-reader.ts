import type { FindOriginals } from '../../profile/originals.ts';
import type { Meta, Profile } from '../../profile/profile.ts';
import type { ThreadMode } from '../../profile/threads.ts';
import { OFF_CPU, PREEMPTED } from '../../profile/waiting.ts';
import { recordedBinary } from '../../symbols/object-symbols.ts';
import { Unwinder } from '../../symbols/unwind/unwinder.ts';
import type { Collapsed, Notes, ReadChoices } from '../format.ts';
import { noMemory } from '../input/no-memory.ts';
import type {
  AddressSpace,
  PerfInfo,
  PerfMapping,
  PerfSample,
  RecordingSink,
  ThreadSwitch,
} from '../perf-data/recording.ts';
import { collapseSamples } from '../perf-kernel/collapse-samples.ts';
import { KernelChains } from '../perf-kernel/kernel-chains.ts';
import { KernelSamples } from '../perf-kernel/kernel-samples.ts';
import { KernelWalks } from '../perf-kernel/kernel-walks.ts';
import type { Kernel } from '../perf-kernel/open-kernel.ts';
import { eventName } from '../perf-script/header-line.ts';
import { EventSamples } from '../samples/event-samples.ts';
import { randomWord } from '../text/random-word.ts';
import { ChainPlaces } from './chain-places.ts';
import { placeFrames } from './place-frames.ts';
import { namedPlaces } from './place-names.ts';
import { type Place, Places } from './places.ts';
import type { ProcessJit } from './recorded-jit.ts';
import { Waits, waitEvent } from './waits.ts';
import { WalkPlaces } from './walk-places.ts';

/** perf's own reader goes no deeper (`perf script --max-stack`). */
const DEEPEST = 1024;

/** `CLOCK_MONOTONIC` of clock_gettime(2). */
const MONOTONIC = 1;

/** Turns samples of addresses into those of a profile. Places get their numbers at once, and names when all are known. */
export class SampleReader implements RecordingSink {
  private readonly notes: Notes;
  private readonly choices: ReadChoices;
  private readonly store: KernelSamples;
  private readonly samples: EventSamples;
  private readonly places: Places;
  private readonly chains: KernelChains;
  private readonly chainPlaces: ChainPlaces;
  private readonly jit: ProcessJit;
  private readonly unwinder: Unwinder<PerfMapping>;
  private readonly walks: KernelWalks;
  private readonly walkPlaces: WalkPlaces;
  private described: PerfInfo | undefined;
  private events: readonly number[] = [];
  private readonly threads = new Map<number, { pid: number; comm: string; index: number }>();
  /** The places of a stack, leaf first. */
  private readonly symbols = new Int32Array(DEEPEST * 2);
  private readonly unwound = new Float64Array(DEEPEST);
  private withoutStack = 0;
  /** Of the last sample; the kernel's mappings are in all. */
  private space: AddressSpace | undefined;
  private waits: Waits | undefined;
  /** The event whose samples begin waits; -1 = none. */
  private waitEvent = -1;

  /**
   * @param jit names code that was compiled while the program ran
   * @param kernel is closed when the input has been read
   * @param sums whether samples are to be summed, for `collapse`
   */
  constructor(jit: ProcessJit, notes: Notes, kernel: Kernel, choices: ReadChoices, sums: boolean) {
    this.notes = notes;
    this.choices = choices;
    this.store = new KernelSamples(kernel);
    this.samples = new EventSamples(() => this.store);
    this.jit = jit;
    this.places = new Places((frames) => this.store.symbol(frames), jit);
    this.chains = new KernelChains(kernel);
    this.chainPlaces = new ChainPlaces(this.places);
    const { symfs } = choices;
    this.unwinder = new Unwinder(({ path, buildId }) =>
      recordedBinary(path, { buildId, ...(symfs === undefined ? {} : { symfs }) }),
    );
    this.walks = new KernelWalks(kernel, this.chains);
    this.walkPlaces = new WalkPlaces(this.places, this.unwinder);
    if (kernel.start(0, 0, sums ? 1 : 0, randomWord(), randomWord()) === 0) throw noMemory();
  }

  /** What the recording says of itself; comes before the first sample. */
  info(info: PerfInfo): void {
    this.described = info;
    this.waitEvent = waitEvent(info.events);
    this.events = info.events.map(({ name }, event) =>
      event === this.waitEvent ? -1 : this.samples.eventIndex(eventName(name)),
    );
    if (this.waitEvent < 0) return;
    const preempted = this.samples.eventIndex(PREEMPTED);
    const offCpu = this.samples.eventIndex(OFF_CPU);
    this.waits = new Waits((wait, nanoseconds) => {
      const { symbols, thread, since } = wait;
      const event = wait.preempted ? preempted : offCpu;
      this.store.addSymbols(symbols, symbols.length, thread, event, nanoseconds, since);
    });
  }

  sample(sample: PerfSample): void {
    this.space = sample.space;
    if (sample.event === this.waitEvent) {
      this.addWait(sample);
      return;
    }
    const { store, symbols } = this;
    this.waits?.runs(sample.tid, sample.time);
    const event = this.events[sample.event] ?? -1;
    const time = sample.time === 0 ? Number.NaN : sample.time;
    if (this.readStack(sample)) {
      this.chains.add(this.threadOf(sample), event, sample.period, time);
      return;
    }
    const length = this.stackOf(sample);
    if (length === 0) this.withoutStack++;
    store.addSymbols(symbols, length, this.threadOf(sample), event, sample.period, time);
  }

  private addWait(sample: PerfSample): void {
    const length = this.stackOf(sample);
    if (length === 0) this.withoutStack++;
    if (sample.tid === 0) return;
    this.waits?.leaves(sample.tid, this.symbols.slice(0, length), this.threadOf(sample), sample.time);
  }

  /** Call chains and copied stacks of which the kernel knows most addresses, and what it takes to go on from there. */
  private readStack(sample: PerfSample): boolean {
    const { chains, chainPlaces } = this;
    const { rawChain, stack } = sample;
    if (stack === undefined) {
      if (rawChain === undefined || sample.branchCount > 0) return false;
      return chains.read(chainPlaces.of(sample, rawChain)) && chains.length > 0;
    }
    if (rawChain === undefined && sample.chainLength > 0) return false;
    const walk = this.walkPlaces.of(sample);
    return walk !== undefined && chains.read(chainPlaces.of(sample, rawChain)) && this.walks.read(walk);
  }

  /** A thread left the CPU, came back, began or ended. */
  switched(change: ThreadSwitch): void {
    this.waits?.switched(change, () => this.threadOf(change));
  }

  /** Puts the places of the sample's stack into `symbols`. */
  private stackOf(sample: PerfSample): number {
    const { chain, chainKernel, space, time } = sample;
    const { places, symbols } = this;
    const chainLength = Math.min(sample.chainLength, DEEPEST);
    let length = 0;
    let above = -1;
    for (let i = 0; i < chainLength; i++) {
      const kernel = chainKernel[i]!;
      const address = chain[i]!;
      // The first of the kernel and the first of the program are where they were; the others where calls return to
      const caller = kernel === above;
      above = kernel;
      symbols[length++] =
        kernel === 1 ? places.kernelPlace(address, caller) : places.userPlace(space, address, caller, time);
    }
    if (sample.stack !== undefined) {
      const frames = this.unwinder.unwind(sample, this.unwound);
      // Where calls were made from, not where they return to
      for (let i = 0; i < frames; i++) symbols[length++] = places.userPlace(space, this.unwound[i]!, false, time);
    } else if (above !== 0 && sample.branchCount > 0) {
      length = this.branches(sample, length);
    }
    if (length === 0 && sample.ip !== 0) {
      const { ip } = sample;
      symbols[length++] = sample.kernelIp ? places.kernelPlace(ip, false) : places.userPlace(space, ip, false, time);
    }
    return length;
  }

  /** `--call-graph lbr`: the calls that the processor keeps, newest first; the program is where the newest went to. */
  private branches({ branches, branchCount, space, time }: PerfSample, start: number): number {
    const { places, symbols } = this;
    let length = start;
    symbols[length++] = places.userPlace(space, branches[1]!, false, time);
    for (let i = 0; i < branchCount && length < symbols.length; i++) {
      symbols[length++] = places.userPlace(space, branches[i * 2]!, false, time);
    }
    return length;
  }

  private threadOf({ pid, tid, comm }: Pick<PerfSample, 'pid' | 'tid' | 'comm'>): number {
    const known = this.threads.get(tid);
    if (known !== undefined && known.pid === pid && known.comm === comm) return known.index;
    const index = this.samples.threadIndex({ pid, tid, process: '', name: comm });
    this.threads.set(tid, { pid, comm, index });
    return index;
  }

  /**
   * All samples are there: names are looked up.
   * @param recorded where the choices could not say it yet
   * @param pause waited for now and then
   */
  async finish(recorded = this.choices.recorded, pause?: () => Promise<void>): Promise<Profile> {
    await this.nameAll(recorded, pause);
    return this.samples.build(this.origin(), this.notes.list);
  }

  /** The same as folded text, where samples were summed. */
  async collapse(roots: ThreadMode, originals?: FindOriginals): Promise<Collapsed> {
    await this.nameAll(this.choices.recorded);
    return collapseSamples(this.store, this.samples, this.origin(), roots, this.notes, originals);
  }

  private async nameAll(recorded: ReadChoices['recorded'], pause?: () => Promise<void>): Promise<void> {
    const { symfs, inlined = false, context = false } = this.choices;
    this.waits?.finish(this.described?.clockId === MONOTONIC ? recorded : undefined, this.notes);
    const { list } = this.places;
    const options = {
      // perf tells where one symbol of the kernel is: the next start puts it elsewhere
      kernel: this.space?.mappings.find(({ path, offset }) => path === '[kernel.kallsyms]' && offset < 0),
      inlined,
      jitName: (pid: number, jit: number) => this.jit.nameOf(pid, jit),
      ...(symfs === undefined ? {} : { symfs }),
      ...(pause === undefined ? {} : { pause }),
    };
    const named = await namedPlaces(list, options, this.notes);
    await pause?.();
    const framesOf = new Map<string, number[]>();
    for (let i = 0; i < list.length; i++) {
      const place = named[i]!;
      const address = this.choices.addresses ? hexOf(list[i]!) : '';
      // Most functions are met at several places
      const words = place.source === undefined ? `${place.symbol}\0${place.module}\0${address}` : undefined;
      let frames = words === undefined ? undefined : framesOf.get(words);
      if (frames === undefined) {
        const leafFirst = placeFrames(place, address, context).reverse();
        frames = leafFirst.map((frame) => this.samples.builder.frame(frame));
        if (words !== undefined) framesOf.set(words, frames);
      }
      list[i]!.frames.push(...frames);
    }
    await pause?.();
    const truncated = this.unwinder.truncated + this.walks.cut;
    if (truncated > 0) {
      const cut = `stacks cut short, because perf copied only a part of them: ${truncated} of ${this.samples.length}`;
      this.notes.add(`${cut}; perf record --call-graph dwarf,65528 copies most`);
    }
    if (this.withoutStack > 0) {
      this.notes.add(`samples without a stack: ${this.withoutStack} of ${this.samples.length}`);
    }
  }

  private origin(): Omit<Meta, 'notes'> {
    const info = this.described;
    if (info === undefined) return { tool: 'perf' };
    return {
      tool: info.perfVersion === '' ? 'perf' : `perf ${info.perfVersion}`,
      ...(info.host === '' ? {} : { host: info.host }),
      ...(info.cmdline.length === 0 ? {} : { command: info.cmdline }),
    };
  }
}

/** An address as perf prints it: 64 bits without leading zeros. */
function hexOf({ address }: Place): string {
  return address >= 0 ? address.toString(16) : (BigInt(address) + (1n << 64n)).toString(16);
}
