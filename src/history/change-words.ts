/** What a change is called: a drift is no work of one commit. */
export function changeVerb({
  verdict,
  isDrift,
}: {
  readonly verdict: 'regressed' | 'improved';
  readonly isDrift: boolean;
}): string {
  return isDrift ? `drift: ${verdict}` : verdict;
}
