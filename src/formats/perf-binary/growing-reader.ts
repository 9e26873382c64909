import type { Profile } from '../../profile/profile.ts';
import { type Growing, Notes, type ReadChoices } from '../format.ts';
import { GrowingRecording } from '../perf-data/growing-recording.ts';
import { openKernel } from '../perf-kernel/either-kernel.ts';
import { GrowingJit } from './growing-jit.ts';
import { SampleReader } from './sample-reader.ts';

/** Some milliseconds of work: signals wait so long. */
const BYTES_AT_ONCE = 1 << 15;

/** Reads a recording while it is written, so that little is left to do when the program ends. */
export class GrowingReader implements Growing {
  private readonly jit: GrowingJit;
  private readonly notes = new Notes();
  private readonly recording: GrowingRecording;
  private readonly samples: SampleReader;
  private readonly close: () => void;
  private failed = false;

  private constructor(path: string, choices: ReadChoices, kernel: NonNullable<ReturnType<typeof openKernel>>) {
    this.jit = new GrowingJit(path);
    this.close = kernel.close;
    this.samples = new SampleReader(this.jit, this.notes, kernel, choices, false);
    this.recording = new GrowingRecording(path, this.samples);
  }

  /** @returns undefined where it cannot be read yet, or not so */
  static open(path: string, choices: ReadChoices): GrowingReader | undefined {
    const kernel = openKernel();
    try {
      return kernel && new GrowingReader(path, choices, kernel);
    } catch {
      kernel?.close();
      return undefined;
    }
  }

  async more(size: number, breathe: () => Promise<void>): Promise<void> {
    const { jit, recording } = this;
    jit.update();
    while (this.reads(() => recording.more(Math.min(size, recording.position + BYTES_AT_ONCE)))) await breathe();
    this.reads(() => recording.flushed());
  }

  async finish(notes: Notes, recorded: ReadChoices['recorded']): Promise<Profile | undefined> {
    try {
      if (this.isGood) {
        this.jit.update();
        this.recording.finish(this.notes);
        if (this.jit.finish(this.notes)) {
          performance.mark('pforge-prof:decoded');
          const profile = await this.samples.finish(recorded);
          for (const note of this.notes.list) notes.add(note);
          return profile;
        }
      } else this.recording.close();
    } catch {
      // As in `reads`
    }
    this.close();
    return undefined;
  }

  /** What is wrong is said by who reads it anew, in the end. */
  private reads<Result>(read: () => Result): Result | undefined {
    try {
      return this.isGood ? read() : undefined;
    } catch {
      this.failed = true;
      return undefined;
    }
  }

  private get isGood(): boolean {
    return !this.failed && !this.jit.failed;
  }
}
