import type { Profile } from '../../profile/profile.ts';
import { FormatError, type Input, type Notes } from '../format.ts';
import { ownCopy } from '../text/own-copy.ts';
import { readXml, type XmlHandler } from '../text/xml-reader.ts';
import { infernoRustName } from './inferno-rust.ts';
import { StackWeights } from './stack-weights.ts';

/**
 * The XML of `xcrun xctrace export` as inferno-collapse-xctrace 0.12.8 reads it: a row with a backtrace weighs 1, threads
 * and sample weights count for nothing.
 * @throws {FormatError} no XML, an element without its id, or a `ref` to one that did not come
 */
export async function readXctraceAsInferno(input: Input, notes: Notes): Promise<Profile> {
  const rows = new Rows(input);
  const open = await readXml(input, rows);
  if (open.length > 0) throw new FormatError(input, '', `it ends within <${open.at(-1)}>`);
  return rows.stacks.build(notes, 'inferno-collapse-xctrace', { type: 'samples', unit: 'count' });
}

class Rows implements XmlHandler {
  readonly stacks = new StackWeights();
  private readonly input: Input;
  private readonly path: string[] = [];
  private readonly nameOf = new Map<string, string>();
  private readonly namesOf = new Map<string, readonly string[]>();
  /** Of the backtrace that is read now, leaf first. */
  private names: string[] = [];
  private id: string | undefined;
  private row: readonly string[] | undefined;

  constructor(input: Input) {
    this.input = input;
  }

  open(name: string, attributes: ReadonlyMap<string, string>): void {
    const within = this.path.join('>');
    this.path.push(name);
    const [id, ref] = [attributes.get('id'), attributes.get('ref')];
    if (within === 'trace-query-result>node' && name === 'row') this.row = undefined;
    else if (within === ROW && name === 'backtrace') {
      this.names = [];
      this.id = id === undefined ? undefined : ownCopy(id);
      if (ref !== undefined) this.row = this.known(this.namesOf, name, ref);
      else if (id === undefined) throw new FormatError(this.input, '', 'a <backtrace> has neither id nor ref');
    } else if (within === BACKTRACE && name === 'frame') {
      if (ref !== undefined) this.names.push(this.known(this.nameOf, name, ref));
      else this.frame(id, attributes.get('name'));
    }
  }

  text(): void {}

  close(name: string): void {
    this.path.pop();
    const within = this.path.join('>');
    if (name === 'backtrace' && within === ROW && this.id !== undefined) {
      this.row = this.names.reverse();
      this.namesOf.set(this.id, this.row);
    } else if (name === 'row' && this.row !== undefined) {
      this.stacks.add(this.row, 1);
      this.row = undefined;
    }
  }

  private frame(id: string | undefined, name: string | undefined): void {
    if (id === undefined || name === undefined) {
      throw new FormatError(this.input, '', `a <frame> has no ${id === undefined ? 'id' : 'name'}`);
    }
    const readable = ownCopy(infernoRustName(name));
    this.nameOf.set(ownCopy(id), readable);
    this.names.push(readable);
  }

  private known<Value>(values: ReadonlyMap<string, Value>, element: string, ref: string): Value {
    const value = values.get(ref);
    if (value === undefined) throw new FormatError(this.input, '', `there is no <${element}> with the id ${ref}`);
    return value;
  }
}

const ROW = 'trace-query-result>node>row';
const BACKTRACE = `${ROW}>backtrace`;
