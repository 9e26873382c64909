/** Lines of a source file that frames name. */
export interface SourceText {
  /** As frames name it. */
  readonly file: string;
  /** Lines of the whole file. */
  readonly length: number;
  /** Runs of lines, in order; `from` is 1-based. */
  readonly parts: readonly { readonly from: number; readonly lines: readonly string[] }[];
  /** The file was written to after the recording. */
  readonly changed: boolean;
}
