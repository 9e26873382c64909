/** Debug information that cannot be what a compiler wrote. Whoever asked for it goes on without. */
export class DwarfError extends Error {
  constructor(what: string) {
    super(what);
    this.name = 'DwarfError';
  }
}

/** Steps that any file may take, however small. */
const FREE_STEPS = 1 << 22;
/** Per byte: units are walked twice at most, and an entry of ten bytes counts for what it has of attributes. */
const STEPS_PER_BYTE = 8;

/** Counts steps, so that tables which refer to one another in circles, or a million times to the same, come to an end. */
export class Effort {
  private left: number;

  /** @param size of what is read, in bytes */
  constructor(size: number) {
    this.left = FREE_STEPS + size * STEPS_PER_BYTE;
  }

  /** @throws {DwarfError} that was too much */
  spend(steps: number): void {
    this.left -= steps;
    if (this.left < 0) throw new DwarfError('it refers to itself without end');
  }
}
