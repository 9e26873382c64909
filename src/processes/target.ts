/** How a program ended: exactly one of the two is set. */
export interface TargetExit {
  readonly code: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
}
