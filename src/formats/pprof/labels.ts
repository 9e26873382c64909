import type { ProfileBuilder } from '../../profile/builder.ts';
import { type Cursor, cursor, readBlock, readInt, readTag, skipField } from '../protobuf/reader.ts';
import { eachField, LABEL } from './messages.ts';
import type { PprofTables } from './tables.ts';
import { type LabelledThread, takeThreadLabel } from './threads.ts';

/** Sets of labels that are remembered at once: some profiles label every sample differently. */
const MOST_LABELS = 50_000;

/** Reads the labels of samples: what they say of threads. */
export class PprofLabels {
  /** Names of labels that are not understood. */
  readonly others = new Set<string>();
  private readonly tables: PprofTables;
  private readonly builder: ProfileBuilder;
  private readonly threadOf = new Map<string, number>();

  constructor(tables: PprofTables, builder: ProfileBuilder) {
    this.tables = tables;
    this.builder = builder;
  }

  /**
   * Of each sample the thread that its labels name, -1 where they name none.
   * @throws {FormatError} broken messages, or a text that does not exist
   */
  threads(): Int32Array {
    const { input, bytes, samples } = this.tables;
    const thread = new Int32Array(samples.count).fill(-1);
    samples.each(cursor(input, bytes), (message, row) => {
      let labels: Cursor[] | undefined;
      while (message.at < message.end) {
        const tag = readTag(message);
        if (tag === LABEL) {
          labels ??= [];
          labels.push(readBlock(message));
        } else skipField(message, tag);
      }
      if (labels !== undefined) thread[row] = this.thread(labels);
    });
    return thread;
  }

  /** The thread that labels name; -1 where they name none. Equal labels are read once. */
  thread(labels: readonly Cursor[]): number {
    const key = labels.map(({ at, end }) => this.tables.bytes.toString('latin1', at, end)).join('\n');
    const known = this.threadOf.get(key);
    if (known !== undefined) return known;
    const thread: LabelledThread = { pid: -1, tid: -1, process: '', name: '' };
    let named = false;
    for (const message of labels) {
      const { key: name, value } = this.label(message);
      if (takeThreadLabel(thread, name, value)) named = true;
      else this.others.add(name);
    }
    const index = named ? this.builder.thread(thread) : -1;
    if (this.threadOf.size === MOST_LABELS) this.threadOf.clear();
    this.threadOf.set(key, index);
    return index;
  }

  private label(message: Cursor): { key: string; value: string | number } {
    const { texts } = this.tables;
    let key = '';
    let word = '';
    let number: number | undefined;
    eachField(message, (tag) => {
      if (tag === 1 * 8) key = texts.read(message);
      else if (tag === 2 * 8) word = texts.read(message);
      else if (tag === 3 * 8) number = readInt(message);
      else return false;
      return true;
    });
    return { key, value: word === '' && number !== undefined ? number : word };
  }
}
