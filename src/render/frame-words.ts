/** What tables and trees say of a function; raw text. */
interface Place {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly module: string;
}

/** The function's name, `[unknown]` or `(anonymous)` where it has none. */
export function nameOf({ name, file }: Pick<Place, 'name' | 'file'>): string {
  return name || (file === '' ? '[unknown]' : '(anonymous)');
}

/** `file:line`, else the module; '' where neither is known. */
export function placeOf({ file, line, module }: Omit<Place, 'name'>): string {
  if (file === '') return module;
  return `${file.replace(/^file:\/\//, '')}${line > 0 ? `:${line}` : ''}`;
}
