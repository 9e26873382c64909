import type { Field, SourcePlace } from '../snapshot.ts';
import type { FieldMessage, LocationMessage, MetadataMessage } from './instrument-reader.ts';

/** What is known of spans and events, by the id of their metadata. */
export type MetadataById = ReadonlyMap<string, MetadataMessage>;

/** Sources of crates: `.cargo/registry/src/HOST/`, `.cargo/git/checkouts/`. */
const REGISTRY = /^.*[/\\]\.cargo[/\\](?:registry[/\\]src[/\\][^/\\]*[/\\]|git[/\\]checkouts[/\\])/;

/**
 * A field as people read it: its name, looked up where the message has an index, and its value with its unit.
 * @returns undefined where it has no value, as tokio-console leaves those out
 */
export function fieldOf(message: FieldMessage, metadata: MetadataById): Field | undefined {
  if (message.value === '') return undefined;
  const { name } = message;
  // An index without its metadata: what it says is worth more than its name
  const key = typeof name === 'string' ? name : (metadata.get(message.metadata)?.fieldNames[name] ?? `field ${name}`);
  return { key, value: message.value + message.unit };
}

export function fieldsOf(messages: readonly FieldMessage[], metadata: MetadataById): Field[] {
  return messages.map((message) => fieldOf(message, metadata)).filter((field) => field !== undefined);
}

/** @returns undefined where not even the module is known */
export function placeOf(location: LocationMessage | undefined, fn = ''): SourcePlace | undefined {
  if (location === undefined) return undefined;
  const { file, module, line, column } = location;
  return file === '' && module === '' ? undefined : { function: fn, file: shortPath(file) || module, line, column };
}

/** A place written as `FILE:LINE:COLUMN`. */
export function placeInText(text: string | undefined, fn: string): SourcePlace | undefined {
  const parts = /^(.+?):(\d{1,9}):(\d{1,9})$/.exec(text ?? '');
  if (parts === null) return undefined;
  return { function: fn, file: shortPath(parts[1]!), line: Number(parts[2]), column: Number(parts[3]) };
}

/** The version of tokio that a program runs, from where its spans are defined: `/tokio-1.24.2/src/`. */
export function tokioVersion({ file, target }: MetadataMessage): string | undefined {
  return target.startsWith('tokio::') ? /[/\\]tokio-(\d+\.\d+\.\d+)[/\\]src[/\\]/.exec(file)?.[1] : undefined;
}

function shortPath(path: string): string {
  return path.replace(REGISTRY, '<cargo>/');
}
