import { architectureOf, architectureOfMask } from '../../symbols/unwind/architecture.ts';
import { copiedOrder } from '../../symbols/unwind/registers.ts';
import { type Rule, SAVED_AT_CFA } from '../../symbols/unwind/rule.ts';
import type { Unwinder } from '../../symbols/unwind/unwinder.ts';
import type { AddressSpace, PerfMapping, PerfSample } from '../perf-data/recording.ts';
import type { Walk, WalkFrame } from '../perf-kernel/kernel-walks.ts';
import { BY_MORE, BY_POINTER, FROM_POINTER, FROM_STACK, NOT_SAVED, OUTERMOST } from '../perf-kernel/stack-walk.ts';
import type { Places } from './places.ts';

const ABI_64 = 2;
/** What the kernel has room for. */
const MOST_BYTES = 65536;
/** No frame is as large: offsets add up to small integers. */
const MOST_OFFSET = 2 ** 20;
const X86_64 = architectureOf(62)!;

/** The copied stack of a sample for the kernel, which asks for what it does not know yet. */
export class WalkPlaces implements Walk, WalkFrame {
  ip = 0;
  sp = 0;
  bp = 0;
  stack: Uint8Array = new Uint8Array(0);
  space = 0;
  symbol = 0;
  lasting = true;
  way = BY_MORE;
  frameAddress = 0;
  savedPointer = NOT_SAVED;
  savedCode = 0;
  private readonly places: Places;
  private readonly unwinder: Unwinder<PerfMapping>;
  private memory!: AddressSpace;
  private time = 0;
  private mask: PerfSample['regsMask'] | undefined;
  /** Where the registers stand among those that were copied; undefined = not all of them were, or they are another machine's. */
  private order: readonly [ip: number, sp: number, bp: number] | undefined;

  constructor(places: Places, unwinder: Unwinder<PerfMapping>) {
    this.places = places;
    this.unwinder = unwinder;
  }

  /** @returns this, for the sample: valid until the next call; undefined where the kernel cannot walk its stack */
  of(sample: PerfSample): this | undefined {
    const { stack, regsMask } = sample;
    if (stack === undefined || stack.length === 0 || stack.length > MOST_BYTES) return undefined;
    if (sample.regsAbi !== ABI_64) return undefined;
    if (regsMask !== this.mask) {
      this.mask = regsMask;
      this.order = orderIn(regsMask);
    }
    const { order } = this;
    if (order === undefined) return undefined;
    this.ip = sample.register(order[0]);
    this.sp = sample.register(order[1]);
    this.bp = sample.register(order[2]);
    this.stack = stack;
    this.memory = sample.space;
    this.time = sample.time;
    this.space = this.places.spaceNumber(sample.space);
    return this;
  }

  frame(address: number): this {
    this.take(this.unwinder.ruleAt(this.memory, address, X86_64));
    // The walk ends here: the unwinder may want another place of it
    if (this.way === BY_MORE) return this;
    this.symbol = this.places.userPlace(this.memory, address, false, this.time);
    this.lasting = this.places.lasting;
    return this;
  }

  private take(rule: Rule | undefined): void {
    this.way = wayOf(rule);
    this.lasting = true;
    if (rule === undefined || (this.way !== FROM_STACK && this.way !== FROM_POINTER)) return;
    this.frameAddress = rule.cfaOffset;
    this.savedPointer = NOT_SAVED;
    for (const { register, offset } of rule.registers) {
      if (register === X86_64.framePointer) this.savedPointer = offset;
      else if (register === X86_64.programCounter) this.savedCode = offset;
    }
  }
}

function wayOf(rule: Rule | undefined): number {
  if (rule === undefined) return BY_POINTER;
  if (rule.outermost) return OUTERMOST;
  const { framePointer, programCounter, stackPointer } = X86_64;
  const { registers, returnRegister, cfaRegister } = rule;
  const known =
    rule.plain &&
    !rule.signal &&
    rule.cfaExpression === undefined &&
    returnRegister === programCounter &&
    (cfaRegister === stackPointer || cfaRegister === framePointer) &&
    isSmall(rule.cfaOffset) &&
    registers.some(({ register }) => register === programCounter) &&
    registers.every((one) => one.register !== stackPointer && one.kind === SAVED_AT_CFA && isSmall(one.offset));
  if (!known) return BY_MORE;
  return cfaRegister === stackPointer ? FROM_STACK : FROM_POINTER;
}

const isSmall = (offset: number): boolean => Number.isInteger(offset) && Math.abs(offset) < MOST_OFFSET;

function orderIn(mask: PerfSample['regsMask']): readonly [number, number, number] | undefined {
  if (architectureOfMask(mask[0]) !== X86_64) return undefined;
  const { fromPerf, framePointer, programCounter, stackPointer } = X86_64;
  const at = copiedOrder(fromPerf, mask);
  const order = [at[programCounter]!, at[stackPointer]!, at[framePointer]!] as const;
  return order.includes(-1) ? undefined : order;
}
