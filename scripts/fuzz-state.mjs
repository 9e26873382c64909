import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Counts of each target, and inputs that reached new code; in a folder where one is given, so that a later run goes on. */
export class KeptState {
  #folder;
  #seed;
  #rows = new Map();
  #inputs = new Map();

  /** @param folder may be missing @param seed of other runs: they have counts of their own */
  constructor(folder, seed) {
    this.#folder = folder;
    this.#seed = seed;
    if (folder === undefined || !existsSync(this.#progress)) return;
    for (const row of JSON.parse(readFileSync(this.#progress, 'utf8'))) this.#rows.set(row.id, { ...row, time: 0 });
  }

  get #progress() {
    return join(this.#folder, `progress-${this.#seed}.json`);
  }

  #folderOf(id) {
    return join(this.#folder, 'inputs', id.replaceAll(':', '-'));
  }

  /** What a target has stood: runs, those that were read and refused, seconds of CPU time, milliseconds of now. */
  row(id) {
    const known = this.#rows.get(id);
    if (known !== undefined) return known;
    const row = { id, runs: 0, read: 0, refused: 0, cpu: 0, time: 0, inputs: 0 };
    this.#rows.set(id, row);
    return row;
  }

  /** Of all seeds that have used the folder. */
  sumOf(id) {
    const names =
      this.#folder === undefined ? [] : readdirSync(this.#folder).filter((name) => name.startsWith('progress-'));
    const rows = names
      .filter((name) => join(this.#folder, name) !== this.#progress)
      .flatMap((name) => JSON.parse(readFileSync(join(this.#folder, name), 'utf8')))
      .filter((row) => row.id === id);
    const sum = { ...this.row(id) };
    for (const row of rows) for (const key of ['runs', 'read', 'refused', 'cpu', 'inputs']) sum[key] += row[key];
    return sum;
  }

  /** Whichever seed has found them. */
  inputsOf(id) {
    const known = this.#inputs.get(id) ?? this.#keptInputs(id);
    this.#inputs.set(id, known);
    return known;
  }

  #keptInputs(id) {
    if (this.#folder === undefined || !existsSync(this.#folderOf(id))) return [];
    const folder = this.#folderOf(id);
    return readdirSync(folder)
      .sort()
      .map((name) => readFileSync(join(folder, name)));
  }

  addInput(id, bytes) {
    this.#inputs.set(id, [...this.inputsOf(id), bytes]);
    this.row(id).inputs++;
    if (this.#folder === undefined) return;
    mkdirSync(this.#folderOf(id), { recursive: true });
    const name = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
    writeFileSync(join(this.#folderOf(id), name), bytes);
  }

  save() {
    if (this.#folder === undefined) return;
    mkdirSync(this.#folder, { recursive: true });
    writeFileSync(`${this.#progress}.new`, JSON.stringify([...this.#rows.values()], null, 1));
    renameSync(`${this.#progress}.new`, this.#progress);
  }
}
