import type { AgentMessage } from '../../preload/console/messages.ts';
import type { ConsoleSnapshot, ConsoleTarget } from '../snapshot.ts';
import type { ConsoleSource, SourceEnd } from '../source.ts';
import type { AgentLine } from './agent-line.ts';
import { Places } from './places.ts';
import { Snapshots } from './snapshots.ts';

interface Process {
  readonly pid: number;
  /** How it ended, in words; never, where it goes on without its agent. */
  readonly exited: Promise<{ readonly text: string; readonly exitCode?: number }>;
  /** Ends it, where it is ours. */
  end(): Promise<void>;
  readonly notes?: readonly string[];
}

/** How long the agent may take to take itself out: the program may be busy. */
const LEAVE_MS = 4_000;
/** An agent that has hung up may be ahead of the news that its process has ended. */
const LOST_MS = 5_000;

/** A node program that is watched by the agent in it. */
export class NodeSource implements ConsoleSource {
  readonly ended: Promise<SourceEnd>;
  private readonly line: AgentLine;
  private readonly process: Process;
  private readonly listeners: ((snapshot: ConsoleSnapshot) => void)[] = [];
  private readonly places = new Places();
  private readonly snapshots = new Snapshots(this.places);
  private target: ConsoleTarget;
  private state: ConsoleSnapshot['state'] = 'running';
  private exitCode: number | undefined;
  private left = (): void => {};
  private finish: (end: SourceEnd) => void = () => {};
  private closing: Promise<void> | undefined;
  private isOver = false;

  constructor(line: AgentLine, process: Process) {
    this.line = line;
    this.process = process;
    this.target = { source: 'node', title: `process ${process.pid}`, pid: process.pid };
    this.ended = new Promise((done) => {
      this.finish = done;
    });
    line.listen((message) => this.receive(message));
    void process.exited.then(
      (exit) => this.over({ how: 'exited', ...exit, text: this.exitText(exit.text) }),
      (error: Error) => this.over({ how: 'exited', text: error.message }),
    );
    void line.ended.then(() => {
      setTimeout(() => {
        this.over({ how: 'lost', text: `the agent in process ${process.pid} has hung up; the process goes on` });
      }, LOST_MS).unref();
    });
  }

  onSnapshot(listener: (snapshot: ConsoleSnapshot) => void): void {
    this.listeners.push(listener);
  }

  async pause(): Promise<void> {
    if (this.state !== 'running') return;
    this.state = 'paused';
    this.line.send({ t: 'pause' });
  }

  async resume(): Promise<void> {
    if (this.state !== 'paused') return;
    this.state = 'running';
    this.line.send({ t: 'resume' });
  }

  close(): Promise<void> {
    this.closing ??= this.leave();
    return this.closing;
  }

  private async leave(): Promise<void> {
    if (this.line.isOpen) {
      const left = new Promise<void>((done) => {
        this.left = done;
      });
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((done) => {
        timer = setTimeout(done, LEAVE_MS);
      });
      this.line.send({ t: 'leave' });
      await Promise.race([left, this.line.ended, late]);
      clearTimeout(timer);
    }
    await this.process.end();
    await this.line.close();
    this.over({ how: 'left', text: `left process ${this.process.pid}` });
  }

  private receive(message: AgentMessage): void {
    switch (message.t) {
      case 'hello':
        this.target = { ...this.target, title: message.title, runtime: message.version, pid: message.pid };
        break;
      case 'report':
        this.snapshots.report(message);
        break;
      case 'beat':
        this.snapshots.beats(message);
        void this.emit();
        break;
      case 'block':
        this.snapshots.block(message);
        break;
      case 'gone':
        this.snapshots.gone(message.thread);
        break;
      case 'exit':
        this.exitCode = message.code;
        break;
      case 'left':
        this.left();
        break;
    }
  }

  /** Source maps are read in between: a snapshot is never held up for long. */
  private async emit(): Promise<void> {
    const state = this.state;
    if (!this.snapshots.isReady) return;
    this.snapshots.take(this.target, state, []);
    await this.places.settle();
    if (!this.isOver) this.tell(state);
  }

  private tell(state: ConsoleSnapshot['state']): void {
    const snapshot = this.snapshots.take(this.target, state, this.process.notes ?? []);
    for (const listener of this.listeners) listener(snapshot);
  }

  private over(end: SourceEnd): void {
    if (this.isOver) return;
    this.isOver = true;
    if (end.how !== 'left') this.tell('ended');
    void this.line.close();
    this.finish(end);
  }

  private exitText(text: string): string {
    return this.exitCode === undefined || !/was killed$/.test(text)
      ? text
      : `process ${this.process.pid} has ended with exit code ${this.exitCode}`;
  }
}
