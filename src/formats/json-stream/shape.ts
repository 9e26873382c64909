import type { NumberList } from './list.ts';

/**
 * What to read of a JSON value. An empty shape reads all of it. What does not fit, an array where members are asked for,
 * comes without its contents: enough to say what was found.
 */
export interface Shape {
  /** The members of an object to read, by key; others are left out. */
  readonly fields?: ReadonlyMap<string, Shape>;
  /** How each element of an array, or each member of an object without `fields`, is read. */
  readonly items?: Shape;
  /** Takes each element of an array, which then is a list of nothing but its length. */
  readonly each?: (value: unknown, index: number) => void;
  /** Gives what to read the numbers of an array into. */
  readonly numbers?: () => NumberList;
  /** Takes each member of an object, which then is an object of nothing. */
  readonly eachMember?: (value: unknown, key: string) => void;
  /**
   * Takes an element of an array as bytes, before anything else is tried.
   * @param start where the element starts; white space in front of it is behind us
   * @param end where the bytes end that are there
   * @returns the byte behind the element; 0 = not taken; -1 = more bytes are needed
   */
  readonly bytes?: (bytes: Uint8Array, start: number, end: number) => number;
  /** Takes elements of an array as bytes, as many at once as it can. With `bytes` or `each`, for those that it leaves. */
  readonly run?: ElementRun;
  /** An object or array starts. */
  readonly opened?: () => void;
  /** An object or array was read; gives what to take instead of it. */
  readonly closed?: (value: unknown) => unknown;
  /** Objects and arrays come without their contents. */
  readonly hollow?: boolean;
}

/** Reads many elements of an array in one go: where arrays are most of a file, a call for each costs more than all else. */
export interface ElementRun {
  /**
   * Takes elements with the comma behind each, as far as they are of the shape that it knows; the last one of the array
   * without.
   * @param start where an element starts, or white space in front of it
   * @param end where the bytes end that are there
   * @returns how many were taken
   */
  take(bytes: Buffer, start: number, end: number): number;
  /** The byte behind the last comma, or the last element, when `take` took any. */
  readonly behind: number;
  /** Whether what it takes may have line ends between its tokens: then places are told by their byte from there on. */
  readonly overLines: boolean;
  /** Whether it may take those behind an element that it has left. */
  readonly goesOn: boolean;
}

/** Everything, as it stands. */
export const ALL: Shape = {};
/** Whether it is there, of what type, and how long an array is. */
export const HOLLOW: Shape = { hollow: true };

/** An object of which these members are read. */
export function members(fields: Readonly<Record<string, Shape>>, more: Omit<Shape, 'fields'> = {}): Shape {
  return { ...more, fields: new Map(Object.entries(fields)) };
}
