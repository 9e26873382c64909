/** Tells which inputs reach code that none before them has reached. */
export class NewCode {
  private readonly known = new Set<number>();
  private readonly run: (input: Buffer) => Promise<unknown>;
  private readonly take: () => Iterable<number>;

  /**
   * @param run runs an input
   * @param take the blocks that ran since it was last called
   */
  constructor(run: (input: Buffer) => Promise<unknown>, take: () => Iterable<number>) {
    this.run = run;
    this.take = take;
  }

  /** Runs inputs whose code is nothing new from then on: seeds, and what earlier runs have kept. */
  async learn(inputs: Iterable<Buffer>): Promise<void> {
    for (const input of inputs) await this.run(input);
    this.fresh();
  }

  /** Of inputs that have just run, those that were the first to reach something: they are run again to see which. */
  async firsts(inputs: readonly Buffer[]): Promise<Buffer[]> {
    const taken = [...this.take()];
    if (taken.every((block) => this.known.has(block))) return [];
    const firsts: Buffer[] = [];
    for (const input of inputs) {
      await this.run(input);
      if (this.fresh()) firsts.push(input);
    }
    return firsts;
  }

  private fresh(): boolean {
    const before = this.known.size;
    for (const block of this.take()) this.known.add(block);
    return this.known.size > before;
  }
}
