import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../errors.ts';
import type { ChangeEstimates } from '../estimates.ts';
import type { BenchmarkId, Measurement } from '../measurement.ts';
import { replaceFolder } from './replace-folder.ts';
import { changeJson, type RunToKeep, runFiles } from './tree-files.ts';
import { readRun } from './tree-read.ts';

/** What a run is compared with and kept as; see docs/bench.md. */
type BaselineUse =
  /** Compares with what is there under the name, then takes its place. */
  | { readonly kind: 'save'; readonly name: string }
  /** Compares and leaves it; strict: it has to be there. */
  | { readonly kind: 'compare'; readonly name: string; readonly strict: boolean }
  /** Compares with `base` where it is there; nothing is written. */
  | { readonly kind: 'discard' };

export interface BaselineOptions {
  readonly use: BaselineUse;
  /** The run that stands for a new one: nothing is measured. */
  readonly load?: string;
}

/** The name under which a run is kept that was given none. */
export const DEFAULT_BASELINE = 'base';

/** Folders that mean something else. */
const TAKEN = ['new', 'change', 'report'];

/** @throws {UserError} the name cannot be a folder of a benchmark, or means another one */
export function checkBaselineName(name: string): void {
  if (name === '' || name.startsWith('.') || /[/\\\0]/.test(name)) {
    throw new UserError(`a baseline cannot be called '${name}'`, { hint: 'use letters, digits, - and _' });
  }
}

/** @throws {UserError} nothing can be kept under the name */
export function checkSavedName(name: string): void {
  checkBaselineName(name);
  if (TAKEN.includes(name)) {
    throw new UserError(`a baseline cannot be called '${name}': Criterion's tree uses that folder itself`, {
      hint: 'choose another name for --save-baseline',
    });
  }
}

/** The runs that are kept of benchmarks, in Criterion's tree. */
export class Baselines {
  private readonly root: string;
  private readonly options: BaselineOptions;

  /** @param root such as target/criterion; need not be there yet */
  constructor(root: string, options: BaselineOptions) {
    this.root = root;
    this.options = options;
  }

  /** The name of what runs are compared with. */
  get comparedName(): string {
    const { use } = this.options;
    return use.kind === 'discard' ? DEFAULT_BASELINE : use.name;
  }

  /**
   * Asked before anything is measured, so that nobody waits in vain.
   * @param benchmarks all that will run
   * @throws {UserError} one has no such baseline, and a strict comparison or a loaded run needs it
   */
  require(benchmarks: readonly { readonly id: BenchmarkId; readonly directory: string }[]): void {
    const { use, load } = this.options;
    const strict = use.kind === 'compare' && use.strict;
    if (strict) {
      const hint = `make it with --save-baseline ${use.name}, or give --baseline-lenient`;
      this.requireRun(use.name, benchmarks, 'comparison is allowed', hint);
    }
    if (load !== undefined) {
      this.requireRun(load, benchmarks, 'it can be loaded', `make it with --save-baseline ${load}`);
    }
  }

  private requireRun(
    name: string,
    benchmarks: readonly { readonly id: BenchmarkId; readonly directory: string }[],
    purpose: string,
    hint: string,
  ): void {
    const missing = benchmarks.filter(({ directory }) => !this.has(directory, name)).map(({ id }) => id.fullId);
    if (missing.length === 0) return;
    const others = missing.length === 1 ? ' has none' : ` and ${missing.length - 1} more have none`;
    throw new UserError(`baseline '${name}' must exist before ${purpose}: ${missing[0]}${others}`, { hint });
  }

  private has(directory: string, name: string): boolean {
    return existsSync(join(this.root, directory, name, 'sample.json'));
  }

  /** The run that is analysed instead of a new one; undefined where one is to be measured. @throws {UserError} */
  loaded(directory: string): Measurement | undefined {
    const { load } = this.options;
    return load === undefined ? undefined : this.read(directory, load);
  }

  /** What a benchmark is to be compared with; undefined where there is nothing. @throws {UserError} it is broken */
  base(directory: string): Measurement | undefined {
    return this.has(directory, this.comparedName) ? this.read(directory, this.comparedName) : undefined;
  }

  private read(directory: string, name: string): Measurement {
    const folder = join(this.root, directory);
    const { measurement } = readRun({ folder, directory, runs: [name], compared: false }, name);
    if (measurement === undefined) throw new UserError(`${join(folder, name)} has no sample.json`);
    return measurement;
  }

  /**
   * Keeps a run as `new` and under its name, and the change where it was compared. A loaded run is there already.
   * @throws {UserError} 125 when the disk does not take it
   */
  keep(directory: string, run: RunToKeep, change: ChangeEstimates | undefined): void {
    const { use, load } = this.options;
    if (use.kind === 'discard') return;
    const folder = join(this.root, directory);
    if (change !== undefined) {
      replaceFolder(join(folder, 'change'), new Map([['estimates.json', changeJson(change)]]));
    }
    if (load !== undefined) return;
    const files = runFiles(run, directory);
    replaceFolder(join(folder, 'new'), files);
    if (use.kind === 'save') replaceFolder(join(folder, use.name), files);
  }
}
