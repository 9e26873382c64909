import { ProfileBuilder } from '../../profile/builder.ts';
import type { CounterColumn, CounterRuns } from '../../profile/counters/counter-runs.ts';
import { mean, standardError } from '../../profile/counters/spread.ts';
import type { Counter, Profile } from '../../profile/profile.ts';
import type { Notes } from '../format.ts';
