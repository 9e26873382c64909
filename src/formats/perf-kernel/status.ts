/** What `run` stopped for. The window holds no whole block any more: move the rest to the front and add to it. */
export const MORE: i32 = 0;
/** A new symbol, event or subject: call `define`, or give the block to the reader by lines where it is none. */
export const NEW_SYMBOL: i32 = 2;
export const NEW_SUBJECT: i32 = 3;
export const NEW_EVENT: i32 = 4;
/** A new module: `define` its number from 1 on, or 0 where the caller wants to know all symbols in it. */
export const NEW_MODULE: i32 = 5;
/** The block at `blockStart` to `blockEnd` is of another shape: it is for the reader by lines. */
export const ODD: i32 = 6;
/** There is no memory left. */
export const NO_MEMORY: i32 = 7;
