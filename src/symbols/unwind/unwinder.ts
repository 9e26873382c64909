import type { ElfFile } from '../elf-file.ts';
import { type Architecture, architectureOfMask } from './architecture.ts';
import { CopiedStack } from './copied-stack.ts';
import { ExpressionMachine } from './expression.ts';
import { ObjectRules } from './object-rules.ts';
import { copiedRegisters, Registers } from './registers.ts';
import {
  IN_REGISTER,
  IS_CFA_PLUS,
  IS_EXPRESSION,
  type RegisterRule,
  type Rule,
  SAVED_AT_CFA,
  SAVED_AT_EXPRESSION,
  SAVED_AT_REGISTER,
} from './rule.ts';

/** A file mapped into a process. */
export interface CodeMapping {
  readonly start: number;
  readonly end: number;
  /** Of the file, at `start`. */
  readonly offset: number;
  readonly path: string;
  readonly buildId: string;
}

/** What the kernel copied of a thread: registers, the stack from the stack pointer up, and where its code came from. */
export interface CopiedThread<Mapping extends CodeMapping> {
  /** In the order of the bits of `regsMask`; NaN = there are not so many. */
  register(index: number): number;
  /** PERF_SAMPLE_REGS_ABI_*: 0 = none, 1 = 32 bit, 2 = 64 bit. */
  readonly regsAbi: number;
  readonly regsMask: readonly [number, number];
  readonly stack: Uint8Array | undefined;
  readonly space: { find(address: number): Mapping | undefined };
}

/** A file's tables, and what lies between its addresses in a process and those of its symbol table. */
interface Placed {
  readonly rules: ObjectRules;
  readonly bias: number;
}

const ABI_64 = 2;
/** Steps of a chain that do not go up the stack; one that goes on so is a circle. */
const MOST_DESCENTS = 16;

/** Walks copied stacks from callee to caller through the unwind tables of executables, and frame pointers beside them. */
export class Unwinder<Mapping extends CodeMapping> {
  /** Chains that ended because the copied stack did. */
  truncated = 0;
  readonly #openObject: (mapping: Mapping) => ElfFile | undefined;
  readonly #placed = new Map<Mapping, Placed | undefined>();
  readonly #objects = new Map<string, ObjectRules | undefined>();
  readonly #memory = new CopiedStack();
  readonly #machine = new ExpressionMachine();
  readonly #registers = new Registers(this.#memory);
  /** Of the callee, while its caller's are found. */
  readonly #callee = new Registers(this.#memory);
  #lastMapping: Mapping | undefined;
  #lastPlaced: Placed | undefined;
  #lastMask: readonly [number, number] | undefined;
  #copied: Int32Array = new Int32Array(0);

  /** @param openObject the file of a mapping, called once for each file; undefined = there is none to be had */
  constructor(openObject: (mapping: Mapping) => ElfFile | undefined) {
    this.#openObject = openObject;
  }

  /**
   * Writes the code addresses of a thread, leaf first, as many as `into` holds. Callers stand there with the address of
   * the last byte of their call, as `perf script` prints them, so that each address lies in the function and the line that
   * was running: look them up as they are. Never throws, whatever stack, registers and files say.
   * @returns how many were written; 0 without registers
   */
  unwind(sample: CopiedThread<Mapping>, into: Float64Array): number {
    if (sample.regsAbi !== ABI_64) return 0;
    const architecture = architectureOfMask(sample.regsMask[0]);
    const registers = this.#registers;
    registers.start(sample, this.#copiedOf(architecture, sample.regsMask));
    const memory = this.#memory;
    memory.put(sample.stack, registers.get(architecture.stackPointer));
    let address = registers.get(architecture.programCounter);
    // While exec puts a new program in place the registers are still those of the old one.
    if (Number.isNaN(memory.start) && sample.space.find(address) === undefined) return 0;
    /** Nothing is called from here: the address is the very one where the program stands. */
    let exact = true;
    let descents = 0;
    /** Canonical frame address of the callee: callers lie higher, else the chain is a circle. */
    let frame = registers.get(architecture.stackPointer);
    let count = 0;
    while (count < into.length && address > 0) {
      const place: number = exact ? address : address - 1;
      const rule = this.ruleAt(sample.space, place, architecture);
      into[count++] = rule?.signal ? address : place;
      registers.set(architecture.programCounter, address);
      memory.passedEnd = false;
      const caller = rule === undefined ? this.#byFramePointer(architecture) : this.#byRule(architecture, rule);
      if (!(caller > frame)) {
        // A leaf of aarch64 has nothing on the stack, a handler may have a stack of its own; NaN = there is no caller.
        const mayBe = rule?.signal ? caller <= frame : exact && caller === frame;
        if (!mayBe || ++descents > MOST_DESCENTS) break;
      }
      frame = caller;
      address = registers.get(architecture.programCounter);
      exact = rule?.signal ?? false;
    }
    if (memory.passedEnd) this.truncated++;
    return count;
  }

  /**
   * How to get to the caller of the code at an address.
   * @param space the mappings of its process
   * @returns undefined where no table covers it, or that of another machine
   */
  ruleAt(space: CopiedThread<Mapping>['space'], address: number, architecture: Architecture): Rule | undefined {
    const placed = this.#place(space.find(address));
    return placed?.rules.architecture === architecture ? placed.rules.ruleAt(address - placed.bias) : undefined;
  }

  /** Where the registers stand that were copied; the mask is that of the event, so it seldom changes. */
  #copiedOf(architecture: Architecture, mask: readonly [number, number]): Int32Array {
    if (mask !== this.#lastMask) {
      this.#lastMask = mask;
      this.#copied = copiedRegisters(architecture.fromPerf, mask);
    }
    return this.#copied;
  }

  #place(mapping: Mapping | undefined): Placed | undefined {
    if (mapping === undefined) return undefined;
    if (mapping === this.#lastMapping) return this.#lastPlaced;
    let placed = this.#placed.get(mapping);
    if (placed === undefined && !this.#placed.has(mapping)) {
      placed = this.#placeObject(mapping);
      this.#placed.set(mapping, placed);
    }
    this.#lastMapping = mapping;
    this.#lastPlaced = placed;
    return placed;
  }

  #placeObject(mapping: Mapping): Placed | undefined {
    const key = `${mapping.buildId}:${mapping.path}`;
    let rules = this.#objects.get(key);
    if (rules === undefined && !this.#objects.has(key)) {
      const file = this.#openObject(mapping);
      rules = file && new ObjectRules(file);
      this.#objects.set(key, rules);
    }
    const bias = rules?.biasOf(mapping);
    return rules === undefined || bias === undefined ? undefined : { rules, bias };
  }

  /** Goes to the caller by a table's rule. @returns the CFA; NaN when there is no caller or it cannot be found */
  #byRule(architecture: Architecture, rule: Rule): number {
    if (rule.outermost) return Number.NaN;
    const registers = this.#registers;
    const memory = this.#memory;
    const cfa =
      rule.cfaExpression === undefined
        ? registers.get(rule.cfaRegister) + rule.cfaOffset
        : this.#machine.evaluate(rule.cfaExpression, registers, memory, Number.NaN);
    if (Number.isNaN(cfa)) return cfa;
    const rules = rule.registers;
    if (rule.plain) {
      registers.set(architecture.stackPointer, cfa);
      registers.setPlaces(rules, memory.offsetOf(cfa));
    } else {
      this.#callee.copyOf(registers);
      registers.set(architecture.stackPointer, cfa);
      for (let index = 0; index < rules.length; index++) this.#restore(rules[index]!, cfa);
    }
    this.#return(architecture, rule.returnRegister);
    return cfa;
  }

  #restore(rule: RegisterRule, cfa: number): void {
    const registers = this.#registers;
    const callee = this.#callee;
    const memory = this.#memory;
    switch (rule.kind) {
      case SAVED_AT_CFA:
        registers.setPlace(rule.register, memory.offsetOf(cfa + rule.offset));
        break;
      case SAVED_AT_REGISTER:
        registers.setPlace(rule.register, memory.offsetOf(callee.get(rule.base) + rule.offset));
        break;
      case SAVED_AT_EXPRESSION:
        registers.setPlace(rule.register, memory.offsetOf(this.#evaluate(rule, cfa)));
        break;
      case IS_CFA_PLUS:
        registers.set(rule.register, cfa + rule.offset);
        break;
      case IN_REGISTER:
        registers.take(rule.register, callee, rule.offset);
        break;
      case IS_EXPRESSION:
        registers.set(rule.register, this.#evaluate(rule, cfa));
        break;
      default:
        registers.set(rule.register, Number.NaN);
        break;
    }
  }

  #evaluate(rule: RegisterRule, cfa: number): number {
    return this.#machine.evaluate(rule.expression!, this.#callee, this.#memory, cfa);
  }

  #return(architecture: Architecture, register: number): void {
    const registers = this.#registers;
    const code = architecture.signedReturns ? registers.getCode(register) : registers.get(register);
    registers.set(architecture.programCounter, code);
  }

  /**
   * Code without tables, such as JIT compilers write, mostly keeps frame pointers: the caller's, and above it the return
   * address. @returns the CFA; NaN when the frame pointer points to no place in the copied stack
   */
  #byFramePointer(architecture: Architecture): number {
    const registers = this.#registers;
    const pointer = registers.get(architecture.framePointer);
    const offset = this.#memory.offsetOf(pointer);
    const code = this.#memory.codeAt(offset + 8);
    if (Number.isNaN(code)) return code;
    registers.setPlace(architecture.framePointer, offset);
    registers.set(architecture.stackPointer, pointer + 16);
    registers.set(architecture.programCounter, code);
    return pointer + 16;
  }
}
