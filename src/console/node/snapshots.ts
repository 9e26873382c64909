import { type BlockReport, type GroupReport, POLL_BOUNDS, type ThreadReport } from '../../preload/console/messages.ts';
import type { ConsoleSnapshot, ConsoleTarget, LoopFigures, TaskRow } from '../snapshot.ts';
import { type HeldStack, stackOfBlock } from './blocking.ts';
import { Blocks } from './blocks.ts';
import { culprit, type Places } from './places.ts';
import { resourceRows } from './resources.ts';
import { Warnings } from './warnings.ts';

/** Of a block that was over before its thread could be asked, and that no sample was taken of. */
const UNSEEN: HeldStack = { stack: [['(over before it was seen)', '', 0, 0]], isExact: false };
/** A main thread that is held for longer tells nothing meanwhile: nanoseconds. */
const LONG_HELD = 1e9;

type Beat = Extract<import('../../preload/console/messages.ts').AgentMessage, { t: 'beat' }>;

/** Puts together what the threads of a process tell: one snapshot at a time. */
export class Snapshots {
  private readonly places: Places;
  private readonly groups = new Map<number, Map<number, GroupReport>>();
  private readonly threads = new Map<number, ThreadReport>();
  private readonly blocks = new Blocks();
  private readonly warnings = new Warnings();
  private gc: ThreadReport['gc'] = [];
  private beat: Beat | undefined;
  private loop = { active: 0, idle: 1 };

  constructor(places: Places) {
    this.places = places;
  }

  report(report: ThreadReport): void {
    const groups = this.groups.get(report.thread) ?? new Map<number, GroupReport>();
    this.groups.set(report.thread, groups);
    for (const group of report.groups) groups.set(group.id, group);
    if (report.thread === 0) {
      this.gc = report.gc;
      this.loop = report.loop;
    }
    this.threads.set(report.thread, report);
    this.warnings.look(report, groups);
  }

  beats(beat: Beat): void {
    this.beat = beat;
  }

  gone(thread: number): void {
    this.threads.delete(thread);
    this.groups.delete(thread);
    this.warnings.gone(thread);
  }

  block(report: BlockReport): void {
    const { stack, isExact } = stackOfBlock(report) ?? UNSEEN;
    this.blocks.add(report, this.places.of(stack), isExact);
  }

  /** Whether anything has been told yet. */
  get isReady(): boolean {
    return this.threads.size > 0 || this.beat !== undefined;
  }

  take(target: ConsoleTarget, state: ConsoleSnapshot['state'], notes: readonly string[]): ConsoleSnapshot {
    const main = this.threads.get(0);
    const reports = [...this.threads.values()];
    const rejections = reports.map(({ rejections }) => rejections);
    const held = this.beat?.blocked ?? 0;
    const heldNote =
      state === 'running' && held > LONG_HELD
        ? [`the main thread has been held for ${(held / 1e9).toFixed(1)} s: what it tells is that old`]
        : [];
    return {
      version: 1,
      time: Date.now(),
      target: { ...target, threads: Math.max(1, this.threads.size) },
      state,
      tasks: [...this.groups].flatMap(([thread, groups]) => this.taskRows(thread, groups)),
      resources: reports.flatMap((report) =>
        resourceRows(report, this.groups.get(report.thread) ?? new Map(), this.places),
      ),
      blocking: this.blocks.rows(),
      ...this.loopFigures(main),
      ...(main === undefined
        ? {}
        : { cost: { mode: main.mode, share: Math.min(1, main.cost + (this.beat?.own ?? 0)) } }),
      warnings: this.warnings.ofProgram(reports, this.groups, rejections, this.places),
      notes: [...heldNote, ...new Set(reports.flatMap((report) => report.notes)), ...this.places.notes(), ...notes],
    };
  }

  private taskRows(thread: number, groups: ReadonlyMap<number, GroupReport>): TaskRow[] {
    const rows: TaskRow[] = [];
    const longestBlock = this.blocks.longest(thread);
    for (const group of groups.values()) {
      const stack = this.places.of(group.stack);
      const place = culprit(stack);
      const nowhere = group.stack.length === 1 && group.stack[0]![1] === '' ? group.stack[0]![0] : '';
      const whole = (value: number): number => Math.round(value);
      rows.push({
        id: `${thread}.${group.id}`,
        kind: group.type,
        name: place?.function ?? (nowhere === '' ? '(node itself)' : nowhere),
        state: group.running ? 'running' : group.live > 0 ? 'idle' : 'completed',
        ...(place === undefined ? {} : { place }),
        stack: nowhere === '' ? stack : [],
        thread,
        created: whole(group.created),
        live: whole(group.live),
        total: whole(Math.max(group.total, group.busy)),
        busy: whole(group.busy),
        scheduled: 0,
        idle: whole(Math.max(0, group.total - group.busy)),
        polls: whole(group.polls),
        longestPoll: whole(group.longest),
        pollTimes: { bounds: POLL_BOUNDS, counts: group.pollTimes.map(whole), max: whole(group.longest) },
        isEstimate: group.estimate,
        fields: fieldsOf(group),
        warnings: this.warnings.ofGroup(thread, group, longestBlock),
        ...(group.parent === undefined ? {} : { parent: `${thread}.${group.parent}` }),
      });
    }
    return rows;
  }

  private loopFigures(main: ThreadReport | undefined): { loop?: LoopFigures } {
    const { beat } = this;
    if (beat === undefined) return {};
    const { active, idle } = this.loop;
    const rss = beat.rss;
    return {
      loop: {
        delay: beat.delay,
        utilization: beat.blocked > 1e9 ? 1 : active + idle > 0 ? active / (active + idle) : 0,
        gc: this.gc,
        memory: main === undefined ? { rss, heapUsed: 0, heapTotal: 0, external: 0 } : { ...main.memory, rss },
        cpu: beat.cpu,
      },
    };
  }
}

function fieldsOf({ delay, repeats, keepAlive }: GroupReport): TaskRow['fields'] {
  return [
    ...(delay === undefined ? [] : [{ key: repeats ? 'every' : 'after', value: `${delay} ms` }]),
    ...(keepAlive > 0 ? [{ key: 'keeps alive', value: String(keepAlive) }] : []),
  ];
}
