import { LoopHistory } from '../../console/loop-history.ts';
import type { PrintedLines } from '../../console/printed-lines.ts';
import type { RecordingWriter } from '../../console/recording.ts';
import { Replay } from '../../console/replay.ts';
import type { ConsoleSnapshot } from '../../console/snapshot.ts';
import type { ConsoleSource, SourceEnd } from '../../console/source.ts';
import { UserError } from '../../errors.ts';
import { openOutput } from '../../output.ts';
import { onInterrupts } from '../../processes/interrupts.ts';
import { exportText } from '../../render/console/export-json.ts';
import { drawFrame, type Frame } from '../../render/console/frame.ts';
import { type Action, press } from '../../render/console/press.ts';
import type { Scene } from '../../render/console/scene.ts';
import { FIRST_STATE, type ViewState } from '../../render/console/view-state.ts';
import type { Key } from '../../terminal/keys.ts';
import { Screen, type ScreenInput, type ScreenOutput } from '../../terminal/screen.ts';
import { textLook } from '../../terminal/text-look.ts';
import type { World } from '../../world.ts';

export interface ScreenOptions {
  readonly color?: boolean | undefined;
  /** Seconds until it ends by itself. */
  readonly seconds?: number | undefined;
  /** Of a program that was started here. */
  readonly printed?: PrintedLines | undefined;
  readonly recording?: RecordingWriter | undefined;
  /** Called with each snapshot of what is watched. */
  readonly see: (snapshot: ConsoleSnapshot) => void;
}

/**
 * Shows what a source tells on the whole terminal, until the person quits.
 * @returns how the source ended, where it did before that
 */
export async function showScreen(
  source: ConsoleSource,
  world: World,
  options: ScreenOptions,
): Promise<SourceEnd | undefined> {
  const live = new LiveScreen(source, world, options);
  try {
    return await live.done;
  } finally {
    live.close();
  }
}

class LiveScreen {
  readonly done: Promise<SourceEnd | undefined>;
  private readonly source: ConsoleSource;
  private readonly world: World;
  private readonly options: ScreenOptions;
  private readonly screen: Screen;
  private readonly history = new LoopHistory();
  private readonly release: () => void;
  private readonly timer: NodeJS.Timeout | undefined;
  private state: ViewState = FIRST_STATE;
  private latest: ConsoleSnapshot | undefined;
  /** What stands still while it is frozen. */
  private frozen: ConsoleSnapshot | undefined;
  private first = 0;
  private frame: Frame | undefined;
  private isPaused = false;
  private end: SourceEnd | undefined;
  private message: string | undefined;
  private isDrawing = false;
  private isClosed = false;
  private quit: () => void = () => {};

  constructor(source: ConsoleSource, world: World, options: ScreenOptions) {
    this.source = source;
    this.world = world;
    this.options = options;
    this.done = new Promise((done) => {
      this.quit = () => done(this.end);
    });
    this.screen = new Screen(world.stdin as ScreenInput, world.stdout as ScreenOutput, {
      onKey: (key) => this.pressed(key),
      onRedraw: () => this.draw(),
      onHangup: () => this.quit(),
    });
    this.release = onInterrupts(() => this.quit());
    if (options.seconds !== undefined) this.timer = setTimeout(() => this.quit(), options.seconds * 1000);
    void source.ended.then((end) => {
      this.end = end;
      this.drawSoon();
    });
    source.onSnapshot((snapshot) => this.seen(snapshot));
    this.draw();
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
    this.release();
    this.screen.close();
  }

  private seen(snapshot: ConsoleSnapshot): void {
    if (this.latest === undefined) this.first = snapshot.time;
    this.latest = snapshot;
    this.history.add(snapshot);
    try {
      this.options.see(snapshot);
    } catch (error) {
      // The disk is full: what is seen goes on
      if (!(error instanceof UserError)) throw error;
      this.message = error.message;
    }
    this.drawSoon();
  }

  private pressed(key: Key): void {
    // The key before this one may have changed what there is to move over
    if (this.isDrawing) this.draw();
    this.message = undefined;
    if (this.frame === undefined) {
      if (key.name === 'interrupt' || (key.name === 'character' && key.text === 'q')) this.quit();
      return;
    }
    const before = this.state;
    const { state, action } = press(before, key, this.frame.pressed);
    this.state = state;
    if (state.isFrozen !== before.isFrozen) this.frozen = state.isFrozen ? this.latest : undefined;
    if (state.detail !== before.detail) this.source.details?.(state.view === 'tasks' ? state.detail : undefined);
    if (action !== undefined) this.act(action);
    this.drawSoon();
  }

  private act(action: Action): void {
    const { source, screen } = this;
    switch (action.do) {
      case 'quit':
        this.quit();
        break;
      case 'suspend':
        screen.suspend();
        break;
      case 'redraw':
        screen.redraw();
        break;
      case 'export':
        void this.export();
        break;
      case 'pause':
        this.isPaused = !this.isPaused;
        void (this.isPaused ? source.pause() : source.resume());
        break;
      default:
        if (source instanceof Replay) played(source, action);
    }
  }

  private async export(): Promise<void> {
    const scene = this.scene();
    if (scene === undefined) return;
    const name = `console-${new Date(scene.snapshot.time).toISOString().replace(/[:.]/g, '-')}.json`;
    try {
      await openOutput(name, this.world, { mode: 0o600 }).write([exportText(scene, this.state)]);
      this.message = `wrote ${name}`;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.message = error.message;
    }
    this.drawSoon();
  }

  private scene(): Scene | undefined {
    const { source, options, message, end } = this;
    const snapshot = this.frozen ?? this.latest;
    if (snapshot === undefined) return undefined;
    return {
      snapshot,
      moments: this.history.until(snapshot.time),
      watched: snapshot.time - this.first,
      isPaused: this.isPaused,
      ...(options.printed === undefined ? {} : { output: options.printed.all() }),
      ...(end === undefined ? {} : { ended: end.text }),
      ...(options.recording === undefined ? {} : { recording: options.recording.path }),
      ...(message === undefined ? {} : { message }),
      ...(source instanceof Replay
        ? {
            replay: {
              position: source.position,
              length: source.length,
              isPlaying: source.isPlaying,
              speed: source.speed,
            },
          }
        : {}),
    };
  }

  /** Many keys at once, or a snapshot with them, are drawn once. */
  private drawSoon(): void {
    if (this.isDrawing) return;
    this.isDrawing = true;
    setImmediate(() => {
      this.isDrawing = false;
      this.draw();
    });
  }

  private draw(): void {
    if (this.isClosed) return;
    const { columns, rows } = this.screen.size;
    const scene = this.scene();
    if (scene === undefined) {
      const waiting =
        this.end === undefined ? 'watching; the first look comes in a second' : `${this.end.text}; q quits`;
      this.screen.draw([waiting.slice(0, columns)]);
      if (this.end !== undefined) this.quit();
      return;
    }
    const look = { ...textLook(this.world, true, this.options.color), width: columns };
    this.frame = drawFrame(scene, this.state, look, rows);
    this.screen.draw(this.frame.lines);
  }
}

function played(replay: Replay, action: Action): void {
  if (action.do === 'seek') replay.seek(action.by);
  else if (action.do === 'speed') replay.accelerate(action.factor);
  else if (action.do === 'play') void (replay.isPlaying ? replay.pause() : replay.resume());
}
