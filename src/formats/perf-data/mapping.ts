import type { PerfMapping } from './recording.ts';

/** A mapping; its build-id may become known only when the whole recording has been read (perf writes them last). */
export class Mapping implements PerfMapping {
  readonly start: number;
  readonly end: number;
  readonly offset: number;
  readonly path: string;
  readonly executable: boolean;
  readonly time: number;
  private readonly ownBuildId: string;
  private readonly buildIds: ReadonlyMap<string, string>;

  constructor(facts: PerfMapping, buildIds: ReadonlyMap<string, string>) {
    this.start = facts.start;
    this.end = facts.end;
    this.offset = facts.offset;
    this.path = facts.path;
    this.executable = facts.executable;
    this.time = facts.time;
    this.ownBuildId = facts.buildId;
    this.buildIds = buildIds;
  }

  get buildId(): string {
    return this.ownBuildId || (this.buildIds.get(this.path) ?? '');
  }

  /** Its part between two addresses within it. */
  part(start: number, end: number): Mapping {
    const { path, executable, time, ownBuildId: buildId } = this;
    const offset = this.offset + (start - this.start);
    return new Mapping({ start, end, offset, path, buildId, executable, time }, this.buildIds);
  }
}
