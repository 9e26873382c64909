import { UserError } from '../../errors.ts';

/** What a result can be written as. */
export interface ResultFormat {
  readonly id: string;
  /** Without the dot. */
  readonly extension?: string;
}

/** Endings that other tools give what we call by one word: go tool pprof, speedscope. */
const OTHER_ENDINGS = [
  { ending: /\.pb(?:\.gz)?$/, id: 'pprof' },
  { ending: /\.speedscope\.json$/, id: 'speedscope' },
] as const;

/**
 * The format that a file's name asks for by its extension.
 * @param path undefined or `-` for standard output
 * @param formats the first one with the extension is taken
 * @returns undefined where the name does not say
 */
export function formatOfName(path: string | undefined, formats: readonly ResultFormat[]): string | undefined {
  const extension = extensionOf(path);
  if (path === undefined || extension === undefined) return undefined;
  const other = OTHER_ENDINGS.find(({ ending }) => ending.test(path))?.id;
  return (formats.find(({ id }) => id === other) ?? formats.find((format) => format.extension === extension))?.id;
}

/**
 * The format that the name of a picture's file asks for; SVG where the name has no extension.
 * @param formats as in {@link formatOfName}
 * @throws {UserError} an extension that stands for no format: nobody looks for a picture in `flame.pgn`
 */
export function pictureFormatOf(path: string | undefined, formats: readonly ResultFormat[]): string {
  const found = formatOfName(path, formats);
  if (found !== undefined) return found;
  const extension = extensionOf(path);
  if (extension === undefined) return 'svg';
  throw new UserError(`no format that can be written has the extension .${extension}`, {
    hint: `say which with --format: ${formats.map(({ id }) => id).join(', ')}`,
  });
}

/** What follows the last dot of a file's name; undefined for standard output. */
export function extensionOf(path: string | undefined): string | undefined {
  return path === undefined || path === '-' ? undefined : /\.([^./]+)$/.exec(path)?.[1];
}
