import { RecordedEvent, SMALLEST_ATTRIBUTE } from './attributes.ts';
import { unsigned64, type Words } from './words.ts';

/** The events of a recording and which of them a record belongs to. */
export class Events {
  readonly list: RecordedEvent[] = [];
  private readonly byId = new Map<number, number>();
  private readonly little: boolean;
  private lastId = -1;
  private lastEvent = 0;
  /** Whether records say when threads leave the CPU. */
  switches = false;
  /** Whether records name their event; decided when the first record asks. */
  private idAt: number | undefined;
  private idBeforeEnd = 0;

  constructor(little: boolean) {
    this.little = little;
  }

  /** @param size of the attribute: at least {@link SMALLEST_ATTRIBUTE}, within the bytes */
  add(words: Words, at: number, size: number): number {
    this.idAt = undefined;
    const event = new RecordedEvent(words, at, size, this.little);
    this.switches ||= event.switches;
    return this.list.push(event) - 1;
  }

  /** Ids of an event, one for each processor or thread that it was opened for: 8 bytes each. */
  addIds(event: number, { view }: Words, at: number, end: number): void {
    for (let place = at; place + 8 <= end; place += 8) this.byId.set(unsigned64(view, place, this.little), event);
    this.lastId = -1;
  }

  /** A record that names an event: `HEADER_ATTR` of a recording that was written to a pipe. False where it is broken. */
  addRecord(words: Words, at: number, end: number): boolean {
    if (at + SMALLEST_ATTRIBUTE > end) return false;
    const size = words.view.getUint32(at + 4, this.little);
    if (size < SMALLEST_ATTRIBUTE || at + size > end) return false;
    this.addIds(this.add(words, at, size), words, at + size, end);
    return true;
  }

  /** perf gives names by the order of events. */
  rename(event: number, name: string): void {
    const known = this.list[event];
    if (known !== undefined && name !== '') known.name = name;
  }

  renameById(id: number, name: string): void {
    const event = this.byId.get(id);
    if (event !== undefined) this.rename(event, name);
  }

  /**
   * Why records cannot be told apart; undefined where they can. Several events of one layout without ids are taken for
   * the first, as perf does.
   */
  confusion(): string | undefined {
    const [first, ...others] = this.list;
    if (first === undefined) return 'it describes no event';
    const unlike = others.some((other) => other.idAt !== first.idAt || other.fields !== first.fields);
    if (!unlike) return undefined;
    const told = others.every((other) => other.idAt === first.idAt && other.idBeforeEnd === first.idBeforeEnd);
    return told && first.idAt >= 0 ? undefined : 'its events have samples of different layout and no ids';
  }

  /** The event of a sample of `size` bytes; -1 = of none that is known. */
  ofSample(view: DataView, at: number, size: number): number {
    if (this.idAt === undefined) this.learnPlaces();
    if (this.idAt! < 0) return 0;
    if (this.idAt! + 8 > size) return -1;
    return this.withId(unsigned64(view, at + this.idAt!, this.little));
  }

  /** The event by whose layout another record than a sample ends; -1 = of none that is known. */
  ofOther(view: DataView, end: number, size: number): number {
    if (this.idAt === undefined) this.learnPlaces();
    if (this.idAt! < 0 || this.idBeforeEnd === 0 || !this.list[0]?.idAll) return 0;
    if (this.idBeforeEnd + 8 > size) return -1;
    return this.withId(unsigned64(view, end - this.idBeforeEnd, this.little));
  }

  private learnPlaces(): void {
    const [first] = this.list;
    this.idAt = this.list.length > 1 && this.byId.size > 0 ? first!.idAt : -1;
    this.idBeforeEnd = first?.idBeforeEnd ?? 0;
  }

  /** The event with an id; -1 = none that is known. Records that perf made up (of what ran before it) have the id 0. */
  withId(id: number): number {
    if (id === this.lastId) return this.lastEvent;
    this.lastId = id;
    this.lastEvent = this.byId.get(id) ?? (id === 0 ? 0 : -1);
    return this.lastEvent;
  }
}
