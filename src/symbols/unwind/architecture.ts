import { CfiReader } from './cfi-reader.ts';
import { type RegisterRule, type Rule, SAVED_AT_CFA, SAVED_AT_REGISTER } from './rule.ts';

/** What unwinding has to know of a machine. Registers have DWARF's numbers. */
export interface Architecture {
  /** DWARF number of each register of perf (PERF_REG_*); -1 = none. */
  readonly fromPerf: readonly number[];
  readonly stackPointer: number;
  readonly framePointer: number;
  readonly programCounter: number;
  /** Return addresses may carry a signature above bit 47. */
  readonly signedReturns: boolean;
  /** Machine code of the trampoline to which signal handlers return, and its rule, for C libraries that describe none. */
  readonly trampoline: Uint8Array;
  readonly trampolineRule: Rule;
  /** The rule at an offset in a section of PLT entries for which the linker wrote no table. */
  pltRule(section: string, offset: number): Rule;
}

const X86_STACK = 7;
const X86_RETURN = 16;
const ARM_LINK = 30;
const ARM_STACK = 31;
const ARM_COUNTER = 32;

/** x86-64 psABI, figure 3.36; Linux arch/x86/include/uapi/asm/perf_regs.h. */
const X86_64: Architecture = {
  fromPerf: [0, 3, 2, 1, 4, 5, 6, 7, 16, -1, -1, -1, -1, -1, -1, -1, 8, 9, 10, 11, 12, 13, 14, 15],
  stackPointer: X86_STACK,
  framePointer: 6,
  programCounter: X86_RETURN,
  signedReturns: false,
  // mov $15, %rax; syscall
  trampoline: Uint8Array.of(0x48, 0xc7, 0xc0, 0x0f, 0x00, 0x00, 0x00, 0x0f, 0x05),
  // struct ucontext at %rsp: r8 .. r15, rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip from byte 40 on.
  trampolineRule: {
    ...afterSignal(X86_STACK, X86_RETURN, [8, 9, 10, 11, 12, 13, 14, 15, 5, 4, 6, 3, 1, 0, 2, -1, X86_RETURN], 40),
    // DW_OP_breg7 160, DW_OP_deref
    cfaExpression: new CfiReader(Uint8Array.of(0x77, 0xa0, 0x01, 0x06), 0, 0),
  },
  pltRule(section, offset) {
    if (section !== '.plt') return X86_CALLED[0]!;
    // The first entry is jumped to with one word pushed, and pushes another (6 bytes); others push after 11 bytes.
    if (offset < 16) return X86_CALLED[offset < 6 ? 1 : 2]!;
    return X86_CALLED[offset % 16 < 11 ? 0 : 1]!;
  },
};

/** DWARF for the Arm 64-bit Architecture, 4.1; Linux arch/arm64/include/uapi/asm/perf_regs.h. */
const AARCH64: Architecture = {
  fromPerf: Array.from({ length: 33 }, (_, register) => register),
  stackPointer: ARM_STACK,
  framePointer: 29,
  programCounter: ARM_COUNTER,
  signedReturns: true,
  // mov x8, #139; svc #0
  trampoline: Uint8Array.of(0x68, 0x11, 0x80, 0xd2, 0x01, 0x00, 0x00, 0xd4),
  // siginfo (128 bytes) and ucontext at sp; x0 .. x30, sp, pc from its byte 184 on.
  trampolineRule: {
    ...afterSignal(
      ARM_STACK,
      ARM_COUNTER,
      Array.from({ length: 33 }, (_, index) => (index === ARM_STACK ? -1 : index)),
      312,
    ),
    // DW_OP_breg31 560, DW_OP_deref
    cfaExpression: new CfiReader(Uint8Array.of(0x8f, 0xb0, 0x04, 0x06), 0, 0),
  },
  pltRule: () => ARM_CALLED,
};

/** By how many words stand on the stack above the return address. */
const X86_CALLED: readonly Rule[] = [8, 16, 24].map((cfaOffset) =>
  called(X86_STACK, cfaOffset, X86_RETURN, [
    { register: X86_RETURN, kind: SAVED_AT_CFA, offset: -8, base: 0, expression: undefined },
  ]),
);
const ARM_CALLED = called(ARM_STACK, 0, ARM_LINK, []);

/** By e_machine of the ELF header; undefined for machines whose stacks are not unwound. */
export function architectureOf(machine: number): Architecture | undefined {
  if (machine === 62) return X86_64;
  return machine === 183 ? AARCH64 : undefined;
}

/**
 * The machine of a recording, as its registers betray it: aarch64 has some where x86 has holes.
 * @param maskLow registers 0 .. 31 of perf's mask
 */
export function architectureOfMask(maskLow: number): Architecture {
  return (maskLow & 0x7f000000) === 0 ? X86_64 : AARCH64;
}

function called(cfaRegister: number, cfaOffset: number, returnRegister: number, registers: RegisterRule[]): Rule {
  return {
    cfaRegister,
    cfaOffset,
    cfaExpression: undefined,
    registers,
    plain: registers.every(({ kind }) => kind === SAVED_AT_CFA),
    returnRegister,
    outermost: false,
    signal: false,
  };
}

/** Registers of an interrupted program, saved one after the other from the stack pointer plus `offset` on; -1 = skip. */
function afterSignal(stackPointer: number, counter: number, order: readonly number[], offset: number): Rule {
  const registers = order
    .map(
      (register, index): RegisterRule => ({
        register,
        kind: SAVED_AT_REGISTER,
        offset: offset + 8 * index,
        base: stackPointer,
        expression: undefined,
      }),
    )
    .filter(({ register }) => register >= 0);
  return { ...called(stackPointer, 0, counter, registers), signal: true };
}
