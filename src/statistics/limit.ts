/** How a value is held against a limit, as budgets, thresholds and assertions write it. */
export type Comparison = '<' | '<=' | '>' | '>=' | '==' | '!=';

/** Whether `value COMPARISON limit`; NaN keeps no limit but `!=`. */
export function holds(value: number, comparison: Comparison, limit: number): boolean {
  switch (comparison) {
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
    case '==':
      return value === limit;
    case '!=':
      return value !== limit;
  }
}
