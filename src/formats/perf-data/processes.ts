import { Mapping } from './mapping.ts';
import { findMapping, type MappingTree, mappingsOf, withMapping, withoutRange } from './mapping-tree.ts';
import type { AddressSpace, PerfMapping } from './recording.ts';

/** The state of one process at one time: never changed, so it may be kept and used as a key. */
class Space implements AddressSpace {
  readonly pid: number;
  private readonly user: MappingTree | undefined;
  private readonly former: MappingTree | undefined;
  private readonly kernel: MappingTree | undefined;
  private last: PerfMapping | undefined;
  private list: readonly PerfMapping[] | undefined;

  constructor(pid: number, { user, former }: Image, kernel: MappingTree | undefined) {
    this.pid = pid;
    this.user = user;
    this.former = former;
    this.kernel = kernel;
  }

  find(address: number): PerfMapping | undefined {
    const { last } = this;
    if (last !== undefined && address >= last.start && address < last.end) return last;
    // A kernel of 32 bits has no addresses below 0; within execve the stack still shows who called it
    const user = address < 0 ? undefined : (findMapping(this.user, address) ?? findMapping(this.former, address));
    const found = user ?? findMapping(this.kernel, address);
    if (found !== undefined) this.last = found;
    return found;
  }

  get mappings(): readonly PerfMapping[] {
    this.list ??= [...mappingsOf(this.kernel), ...mappingsOf(this.user)].sort((a, b) => a.start - b.start);
    return this.list;
  }
}

/** What a process runs. */
interface Image {
  user: MappingTree | undefined;
  /** The mappings of the program that it was before exec. */
  former: MappingTree | undefined;
}

interface Process extends Image {
  /** Its state as it is now; undefined = it has changed since it was asked for. */
  space: Space | undefined;
  /** The kernel's mappings in `space`. */
  kernel: MappingTree | undefined;
}

/** Cuts only what this file made. */
const cut = (mapping: PerfMapping, start: number, end: number): PerfMapping => (mapping as Mapping).part(start, end);

/** Processes, their threads' names and mappings at the time up to which records have been told. */
export class Processes {
  private readonly buildIds: ReadonlyMap<string, string>;
  private readonly processes = new Map<number, Process>();
  private readonly names = new Map<number, string>([[0, 'swapper']]);
  private kernel: MappingTree | undefined;
  private lastPid = Number.NaN;
  private lastProcess: Process | undefined;

  /** @param buildIds by path; may be filled later */
  constructor(buildIds: ReadonlyMap<string, string>) {
    this.buildIds = buildIds;
  }

  map(pid: number, facts: PerfMapping): void {
    if (!(facts.end > facts.start)) return;
    const process = this.process(pid);
    process.user = withMapping(process.user, new Mapping(facts, this.buildIds), cut);
    process.space = undefined;
  }

  mapKernel(facts: PerfMapping): void {
    if (!(facts.end > facts.start)) return;
    this.kernel = withMapping(this.kernel, new Mapping(facts, this.buildIds), cut);
  }

  unmapKernel(start: number, end: number): void {
    this.kernel = withoutRange(this.kernel, start, end, cut);
  }

  /** @param exec the process has become another program, of which nothing is mapped yet */
  rename(pid: number, tid: number, name: string, exec: boolean): void {
    this.names.set(tid, name);
    if (!exec) return;
    const process = this.process(pid);
    process.former = process.user;
    process.user = undefined;
    process.space = undefined;
  }

  /** @param empty it was running before perf looked: records of its own mappings follow */
  fork(pid: number, tid: number, parent: number, parentThread: number, empty: boolean): void {
    const name = this.names.get(parentThread);
    if (name === undefined) this.names.delete(tid);
    else this.names.set(tid, name);
    if (pid === parent) return;
    const process = this.process(pid);
    const image = empty ? undefined : this.processes.get(parent);
    process.user = image?.user;
    process.former = image?.former;
    process.space = undefined;
  }

  space(pid: number): AddressSpace {
    const process = this.process(pid);
    if (process.space === undefined || process.kernel !== this.kernel) {
      process.space = new Space(pid, process, this.kernel);
      process.kernel = this.kernel;
    }
    return process.space;
  }

  /** perf's word for a thread without a name is `:TID`. */
  name(tid: number): string {
    return this.names.get(tid) ?? `:${tid}`;
  }

  private process(pid: number): Process {
    if (pid === this.lastPid) return this.lastProcess!;
    let process = this.processes.get(pid);
    if (process === undefined) {
      process = { user: undefined, former: undefined, space: undefined, kernel: undefined };
      this.processes.set(pid, process);
    }
    this.lastPid = pid;
    this.lastProcess = process;
    return process;
  }
}
