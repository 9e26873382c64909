export { ProfileBuilder } from './profile/builder.ts';
export type { Profile } from './profile/profile.ts';
