import { type Claim, type Format, FormatError } from './format.ts';
import { inputOf } from './input.ts';
import { eachField } from './pprof/messages.ts';
import { isPprofTag, PPROF } from './pprof/tags.ts';
import { pprofCannotHold, writePprof } from './pprof/write.ts';
import { cursor, readBlock, readTag, readUint, skipField } from './protobuf/reader.ts';

/**
 * pprof's profile.proto (Go, and most languages' profilers; github.com/google/pprof, proto/profile.proto), gzipped or
 * not. A frame is a function: its line is the one on which the function starts, the lines of calls are left out.
 * Functions that were inlined are frames of their own. Labels other than a thread's are left out with a note.
 */
export const pprof: Format = {
  id: 'pprof',
  title: 'pprof',
  extension: 'pprof',
  detect,
  read: async (input, notes) => (await import('./pprof/read-pprof.ts')).readPprof(input, notes),
  write: writePprof,
  cannotHold: pprofCannotHold,
};

/** Sure where the bytes are fields of the message, one of them a sample type that holds nothing but two numbers. */
function detect(head: Uint8Array): Claim {
  const input = inputOf(head, '');
  const from = cursor(input, head);
  let sure = false;
  try {
    while (from.at < from.end) {
      const tag = readTag(from);
      if (!isPprofTag(tag)) return 'no';
      if (tag === PPROF.sampleType) {
        const message = readBlock(from);
        if (message.at === message.end) return 'no';
        let odd = false;
        eachField(message, (field) => {
          odd ||= field !== 8 && field !== 16;
          readUint(message);
          return true;
        });
        if (odd) return 'no';
        sure = true;
      } else skipField(from, tag);
    }
  } catch (error) {
    // The head of a longer file ends within a field
    if (!(error instanceof FormatError)) throw error;
  }
  return sure ? 'yes' : 'no';
}
