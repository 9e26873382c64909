import { InvalidArgumentError } from 'commander';

/** Reads a number of an option within a range, ends included. */
export function number(range: { min: number; max: number; whole?: boolean }): (text: string) => number {
  return (text) => {
    const value = Number(text);
    const fits = text.trim() !== '' && value >= range.min && value <= range.max;
    if (!fits || (range.whole === true && !Number.isInteger(value))) {
      throw new InvalidArgumentError(
        `It must be a ${range.whole ? 'whole ' : ''}number from ${range.min} to ${range.max}.`,
      );
    }
    return value;
  };
}

/** Reads by how many percent something may grow: `5` or `5%`. */
export function growth(text: string): number {
  const value = Number(text.replace(/%$/, ''));
  if (/^\d+(?:\.\d+)?%?$/.test(text)) return value;
  throw new InvalidArgumentError('It must be a number of percent.');
}

export function regexp(text: string): RegExp {
  try {
    return new RegExp(text, 'u');
  } catch (error) {
    throw new InvalidArgumentError(`It is no regular expression (${(error as Error).message}).`);
  }
}

/** The words of an option that may be given several times. */
export function collected(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text];
}

/** A span of time in nanoseconds since the first sample; an end that is not given is open. */
export interface TimeSpan {
  readonly from?: number;
  readonly to?: number;
}

/** Reads `1.5..3`, `2..` or `..10`: seconds since the first sample. */
export function timeSpan(text: string): TimeSpan {
  const [, from, to] = /^(\d+(?:\.\d+)?)?\.\.(\d+(?:\.\d+)?)?$/.exec(text.trim()) ?? [];
  if ((from === undefined && to === undefined) || (to !== undefined && Number(to) <= Number(from ?? 0))) {
    throw new InvalidArgumentError('It must be two numbers of seconds, the earlier first: 1.5..3, 2.. or ..10.');
  }
  return {
    ...(from === undefined ? {} : { from: Number(from) * 1e9 }),
    ...(to === undefined ? {} : { to: Number(to) * 1e9 }),
  };
}

/** Functions that a person asked for. */
export interface FunctionPattern {
  /** In their own words. */
  readonly asked: string;
  readonly pattern: RegExp;
}

/** Reads a function given as `/regexp/` or as a part of its name. */
export function functionPattern(asked: string): FunctionPattern {
  if (asked === '') throw new InvalidArgumentError('It must be a part of a name, or a /regular expression/.');
  const inSlashes = /^\/(.+)\/$/s.exec(asked)?.[1];
  return { asked, pattern: regexp(inSlashes ?? asked.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')) };
}

const SIZES = new Map([
  ['', 1],
  ['b', 1],
  ['k', 1024],
  ['m', 1024 ** 2],
  ['g', 1024 ** 3],
]);

/** Reads a number of bytes: `4096`, `64k`, `1.5MiB`, `2GB` (all of them by 1024). */
export function byteSize(text: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)\s*(b|[kmg](?:i?b)?)?$/i.exec(text.trim()) ?? [];
  const bytes = Math.round(Number(amount) * SIZES.get(unit.slice(0, 1).toLowerCase())!);
  if (amount === undefined || bytes < 1 || !Number.isSafeInteger(bytes)) {
    throw new InvalidArgumentError('It must be a number of bytes: 4096, 64KiB, 1.5MiB, 2GiB.');
  }
  return bytes;
}

/** An option as a person writes it: `--load-rate` of `loadRate`. */
export function optionWord(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
