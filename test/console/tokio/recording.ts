import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const folder = resolve(import.meta.dirname, '../../../../shared/peer-data/tokio-console');

/** Whether the recordings of a real console-subscriber are here. */
export const hasRecording = existsSync(folder);
if (!hasRecording) console.log(`skipped: ${folder} is not here`);

/** Messages of WatchUpdates, as a console-subscriber 0.2.0 sent them in 6 s. */
export function recordedUpdates(): Buffer[] {
  const bytes = readFileSync(resolve(folder, 'tokio-console-updates.bin'));
  const messages: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 5 + bytes.readUInt32BE(at + 1);
    messages.push(bytes.subarray(at + 5, end));
    at = end;
  }
  return messages;
}

/** One message of WatchTaskDetails: of the task called `blocker`. */
export function recordedDetails(): Buffer {
  return readFileSync(resolve(folder, 'tokio-console-updates-details.bin'));
}
