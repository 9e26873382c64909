import { UserError } from '../../errors.ts';
import { missing } from './load-reader.ts';

/** Figures of a JSON document that may hold anything: what is not there, or of another kind, is undefined. */
export class JsonFigures {
  private readonly value: unknown;
  private readonly name: string;

  private constructor(value: unknown, name: string) {
    this.value = value;
    this.name = name;
  }

  /** @throws {UserError} it is no JSON */
  static parse(text: string, name: string): JsonFigures {
    try {
      return new JsonFigures(JSON.parse(text), name);
    } catch (error) {
      throw new UserError(`${name}: no JSON (${(error as Error).message})`, {
        hint: 'is the file complete?',
        cause: error,
      });
    }
  }

  /** What is at a place. */
  at(...path: readonly string[]): JsonFigures {
    let value = this.value;
    for (const key of path) {
      const own = typeof value === 'object' && value !== null && Object.hasOwn(value, key);
      value = own ? (value as Record<string, unknown>)[key] : undefined;
    }
    return new JsonFigures(value, this.name);
  }

  get isThere(): boolean {
    return this.value !== undefined && this.value !== null;
  }

  number(...path: readonly string[]): number | undefined {
    const { value } = this.at(...path);
    return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  }

  /** @throws {UserError} there is no number */
  required(...path: readonly string[]): number {
    const value = this.number(...path);
    if (value === undefined) throw missing(this.name, path.join('.'));
    return value;
  }

  text(...path: readonly string[]): string | undefined {
    const { value } = this.at(...path);
    return typeof value === 'string' ? value : undefined;
  }

  /** The members of an object. */
  entries(...path: readonly string[]): [string, JsonFigures][] {
    const { value } = this.at(...path);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
    return Object.entries(value).map(([key, member]) => [key, new JsonFigures(member, this.name)]);
  }

  /** The elements of an array. */
  list(...path: readonly string[]): JsonFigures[] {
    const { value } = this.at(...path);
    return Array.isArray(value) ? value.map((element: unknown) => new JsonFigures(element, this.name)) : [];
  }

  /** An array of numbers; undefined where it is none. */
  numbers(...path: readonly string[]): readonly number[] | undefined {
    const { value } = this.at(...path);
    return Array.isArray(value) && value.every(Number.isFinite) ? (value as number[]) : undefined;
  }
}

/** Whole numbers by status, as objects `{ "200": 17 }` have them. */
export function statusesOf(entries: readonly [string, JsonFigures][], ...path: readonly string[]): Map<number, number> {
  return new Map(
    entries.flatMap(([status, figures]): [number, number][] => {
      const count = figures.number(...path);
      return /^\d{3}$/.test(status) && count !== undefined ? [[Number(status), count]] : [];
    }),
  );
}
