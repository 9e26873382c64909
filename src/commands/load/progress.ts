import type { LoadProgress } from '../../load/engine.ts';
import type { LoadPlan } from '../../load/plan.ts';
import { shortTime } from '../../render/load/load-numbers.ts';

/** How a load stands, in one line: `3.2 s of 10 s, 41235 requests, 12931/s, p99 1.2ms, 3 failed`. */
export function progressLine(now: LoadProgress, plan: Pick<LoadPlan, 'duration' | 'requests'>): string {
  if (now.elapsed < 0) return `warming up, ${(-now.elapsed).toFixed(1)} s left`;
  const whole = plan.duration === undefined ? '' : ` of ${plan.duration} s`;
  const most = plan.requests === undefined ? '' : ` of ${plan.requests}`;
  const failed = now.failed === 0 ? '' : `, ${now.failed} failed`;
  const rate = `${Math.round(now.rps)}/s, p99 ${shortTime(now.p99)}`;
  return `${now.elapsed.toFixed(1)} s${whole}, ${now.requests}${most} requests, ${rate}${failed}`;
}
