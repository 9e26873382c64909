// What lies where. Pages that nobody has touched take no place, so there is plenty of room.

/** Words that `cpuprofile/node-run.ts` puts here, 32 bytes for each. */
export const WORDS: i32 = 1024;
/** Text, with eight bytes in front of it and some dozens behind it that may be looked at. It stays in the processor's cache. */
export const TEXT: i32 = 4096;
export const MOST_TEXT: i32 = 1 << 19;
/** Numbers that were taken. */
export const NUMBERS: i32 = TEXT + MOST_TEXT + 1024;
const MOST_NUMBERS: i32 = 1 << 15;
/** Columns of nodes, MOST_ROWS each: id, function, hits, where its children end. */
export const ROWS: i32 = NUMBERS + (MOST_NUMBERS << 2);
export const MOST_ROWS: i32 = 1 << 11;
/** The children of nodes stand in NUMBERS. */
export const MOST_CHILDREN: i32 = MOST_NUMBERS;
/** Slots of a hash table of texts: their numbers, from 1 on, in 16 bits; 0 = free. As many of them are used as the texts need. */
export const SLOTS: i32 = ROWS + (MOST_ROWS << 4);
export const MOST_SLOTS: i32 = 1 << 16;
/** Of each text, by its number: hash, start, length, and room. */
export const ENTRIES: i32 = SLOTS + (MOST_SLOTS << 1);
export const MOST_TEXTS: i32 = MOST_SLOTS >> 1;
/** The texts. */
export const KEYS: i32 = ENTRIES + (MOST_TEXTS << 4);
export const KEYS_END: i32 = KEYS + (1 << 22);
/** Deltas of samples, whose ids stand in NUMBERS. */
export const SPANS: i32 = KEYS_END;
export const MOST_SAMPLES: i32 = 1 << 13;
/** Of idle times between them: how many samples stay before each, and its nanoseconds. */
export const GAP_ROWS: i32 = SPANS + (MOST_SAMPLES << 2);
export const GAP_TIMES: i32 = GAP_ROWS + (MOST_SAMPLES << 2);
/** Stacks by the ids of their nodes. */
export const IDS: i32 = GAP_TIMES + (MOST_SAMPLES << 3);
export const MOST_IDS: i32 = 1 << 20;
/** Where it all ends: the memory is at least as long. */
export const END: i32 = IDS + (MOST_IDS << 2);
