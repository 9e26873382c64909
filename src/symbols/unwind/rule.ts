import type { CfiReader } from './cfi-reader.ts';

/** How the value of a register in the caller is found. */
export const SAVED_AT_CFA = 1;
/** It is the CFA plus an offset, itself. */
export const IS_CFA_PLUS = 2;
/** It stands in another register (the offset is its number). */
export const IN_REGISTER = 3;
/** Saved where an expression says. */
export const SAVED_AT_EXPRESSION = 4;
export const IS_EXPRESSION = 5;
/** Saved at another register (an expression that is nothing but `DW_OP_bregN offset`, as in signal trampolines). */
export const SAVED_AT_REGISTER = 6;
/** It cannot be known. */
export const UNDEFINED = 7;

/** How one register is restored. */
export interface RegisterRule {
  /** DWARF number. */
  readonly register: number;
  /** One of the constants above. */
  readonly kind: number;
  /** Bytes from the CFA, or from `base`; the number of the other register with IN_REGISTER. */
  readonly offset: number;
  /** The register `offset` counts from with SAVED_AT_REGISTER. */
  readonly base: number;
  readonly expression: CfiReader | undefined;
}

/** How to get from a frame to its caller; holds for a range of code addresses, and is made once. */
export interface Rule {
  /** The canonical frame address is this register plus an offset, unless there is an expression. */
  readonly cfaRegister: number;
  readonly cfaOffset: number;
  readonly cfaExpression: CfiReader | undefined;
  readonly registers: readonly RegisterRule[];
  /** All of them are SAVED_AT_CFA. */
  readonly plain: boolean;
  /** The column that holds the return address. */
  readonly returnRegister: number;
  /** There is no caller: its return address is undefined. */
  readonly outermost: boolean;
  /** A trampoline that the kernel returns to from a signal handler: what it interrupted was at that very address. */
  readonly signal: boolean;
}
