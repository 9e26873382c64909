import type { FrameWords, ProfileBuilder } from '../../profile/builder.ts';

/** The functions of a file, each once, by number: a profile's frames before it is known what its samples measure. */
export class CallFrames {
  readonly words: FrameWords[] = [];
  private readonly index = new Map<string, number>();

  /** The number of a function; equal ones have the same. */
  intern(words: FrameWords): number {
    const key = `${words.name}\n${words.file ?? ''}\n${words.line ?? 0}:${words.column ?? 0}:${words.kind ?? ''}`;
    let call = this.index.get(key);
    if (call === undefined) {
      call = this.words.length;
      this.words.push(words);
      this.index.set(key, call);
    }
    return call;
  }

  /** Adds a function without a look whether there is an equal one: a builder makes them one frame. */
  add(words: FrameWords): number {
    return this.words.push(words) - 1;
  }

  /** Gives a builder's frame for the number of a function; frames are made in the order in which they are asked for. */
  framesOf(builder: ProfileBuilder): (call: number) => number {
    const frames = new Int32Array(this.words.length).fill(-1);
    return (call) => {
      if (frames[call]! < 0) frames[call] = builder.frame(this.words[call]!);
      return frames[call]!;
    };
  }
}
