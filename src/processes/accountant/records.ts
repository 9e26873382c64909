import { constants } from 'node:os';
import type { TargetExit } from '../target.ts';

/**
 * What the kernel says a process cost from when it became the program until it ended, with all its children that it
 * waited for: wait4(2), getrusage(2).
 */
export interface ResourceUsage {
  /** Nanoseconds; the kernel gives microseconds. */
  readonly userTime: number;
  readonly systemTime: number;
  /** Bytes; the largest of the process and its children, not their sum. */
  readonly maxRss: number;
  readonly minorFaults: number;
  readonly majorFaults: number;
  /** Blocks of 512 bytes. */
  readonly blocksIn: number;
  readonly blocksOut: number;
  readonly voluntarySwitches: number;
  readonly involuntarySwitches: number;
}

/** What the accountant reports; see accountant.c. */
export interface Account {
  readonly pid?: number;
  /** Nanoseconds of CLOCK_MONOTONIC. */
  readonly start?: number;
  /** errno of execve. */
  readonly cannot?: number;
  readonly end?: { readonly exit: TargetExit; readonly time: number; readonly usage: ResourceUsage };
}

const WORDS = new Map([
  [1, 1],
  [2, 1 + 18],
  [3, 1],
  [4, 2 + 18],
]);

/** Reads what the accountant has written so far; a record that is not whole yet is left out. */
export function readAccount(bytes: Buffer): Account {
  const account: { -readonly [key in keyof Account]: Account[key] } = {};
  const word = (index: number): number => Number(bytes.readBigInt64LE(index * 8));
  const length = Math.floor(bytes.length / 8);
  let before: ResourceUsage | undefined;
  for (let at = 0; at < length; ) {
    const size = WORDS.get(word(at));
    if (size === undefined || at + 1 + size > length) break;
    const first = word(at + 1);
    if (word(at) === 1) account.pid = first;
    else if (word(at) === 2) {
      account.start = first;
      before = usageOf((index) => word(at + 2 + index));
    } else if (word(at) === 3) account.cannot = first;
    else {
      const usage = usageOf((index) => word(at + 3 + index));
      account.end = { exit: exitOf(first), time: word(at + 2), usage: before ? since(before, usage) : usage };
    }
    at += 1 + size;
  }
  return account;
}

/** The words of struct rusage on 64-bit Linux (bits/types/struct_rusage.h). */
function usageOf(word: (index: number) => number): ResourceUsage {
  return {
    userTime: word(0) * 1e9 + word(1) * 1e3,
    systemTime: word(2) * 1e9 + word(3) * 1e3,
    maxRss: word(4) * 1024,
    minorFaults: word(8),
    majorFaults: word(9),
    blocksIn: word(11),
    blocksOut: word(12),
    voluntarySwitches: word(16),
    involuntarySwitches: word(17),
  };
}

/** All but memory adds up, so what was there before (to be created, to stop) is taken off. */
function since(before: ResourceUsage, all: ResourceUsage): ResourceUsage {
  return {
    userTime: Math.max(0, all.userTime - before.userTime),
    systemTime: Math.max(0, all.systemTime - before.systemTime),
    maxRss: all.maxRss,
    minorFaults: all.minorFaults - before.minorFaults,
    majorFaults: all.majorFaults - before.majorFaults,
    blocksIn: all.blocksIn - before.blocksIn,
    blocksOut: all.blocksOut - before.blocksOut,
    voluntarySwitches: all.voluntarySwitches - before.voluntarySwitches,
    involuntarySwitches: all.involuntarySwitches - before.involuntarySwitches,
  };
}

// Of two names the first is the usual one: SIGABRT, not SIGIOT
const signalNames = new Map(
  Object.entries(constants.signals)
    .reverse()
    .map(([name, number]) => [number, name]),
);

/** wait4's status: the low seven bits are the signal, the next byte is the exit code. */
function exitOf(status: number): TargetExit {
  const signal = status & 0x7f;
  if (signal === 0) return { code: (status >> 8) & 0xff, signal: undefined };
  // Real-time signals have no names in node; the shell's exit code tells them
  const name = signalNames.get(signal) as NodeJS.Signals | undefined;
  return name === undefined ? { code: 128 + signal, signal: undefined } : { code: undefined, signal: name };
}
