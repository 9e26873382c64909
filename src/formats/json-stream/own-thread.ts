import type { Profile, Thread } from '../../profile/profile.ts';
import type { Input } from '../format.ts';
import { type JsonObject, jsonNumber, jsonString } from './input.ts';

/**
 * The thread that our own preload, or our own writers, put into a member `pforgeProf` of a file.
 * @throws {FormatError} a wrong type
 */
export function ownThread(input: Input, own: JsonObject): Thread {
  return {
    pid: jsonNumber(input, '$.pforgeProf.pid', own.pid),
    tid: jsonNumber(input, '$.pforgeProf.tid', own.tid),
    process: jsonString(input, '$.pforgeProf.process', own.process),
    name: jsonString(input, '$.pforgeProf.thread', own.thread),
  };
}

/** The thread of all samples; undefined where there are several, or some samples have none. */
export function onlyThread({ samples }: Profile): number | undefined {
  const first = samples.thread?.[0] ?? -1;
  return first >= 0 && samples.thread!.every((thread) => thread === first) ? first : undefined;
}
