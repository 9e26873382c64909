/** A command as its `--help` tells of it. */
export interface CommandDescription {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly usage: string;
  readonly summary: string;
  /** What may stand in the place of an input: `diff`, `import`. */
  readonly words: readonly string[];
  /** What follows `--` is a program. */
  readonly runsProgram: boolean;
  readonly options: readonly OptionDescription[];
  /** Examples, and what else stands below the options. */
  readonly epilogue: string;
}

export interface OptionDescription {
  /** `-o` */
  readonly short?: string;
  /** `--output` */
  readonly long?: string;
  /** `-o, --output <file>` */
  readonly flags: string;
  readonly description: string;
  readonly takesValue: boolean;
  /** Its value may be left out. */
  readonly mayStandAlone: boolean;
  /** All values that are known. Empty: any, such as a file's name. */
  readonly choices: readonly string[];
}

/** `-o`, `--output`: what there is of both. */
export function spellings({ short, long }: OptionDescription): string[] {
  return [short, long].filter((spelling) => spelling !== undefined);
}
