/** Of which side a frame is as wide as its weight: one of both, or each frame as wide as the larger of its two. */
export const WIDTHS = ['after', 'before', 'max'] as const;
export type Widths = (typeof WIDTHS)[number];
