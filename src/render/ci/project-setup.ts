/** How a project is set up, as far as a pipeline must know it. */
export interface ProjectSetup {
  /** `npm`, `pnpm`, `yarn`: by its lock file. */
  readonly manager: 'npm' | 'pnpm' | 'yarn';
  readonly hasLock: boolean;
  readonly mainBranch: string;
}

const COMMANDS = {
  npm: { install: 'npm ci', unlocked: 'npm install', run: 'npx pforge-prof' },
  pnpm: { install: 'pnpm install --frozen-lockfile', unlocked: 'pnpm install', run: 'pnpm exec pforge-prof' },
  yarn: { install: 'yarn install --frozen-lockfile', unlocked: 'yarn install', run: 'yarn pforge-prof' },
} as const;

/** What makes packages ready, and what runs a package's program. */
export function projectCommands({ manager, hasLock }: ProjectSetup): {
  readonly install: string;
  readonly run: string;
} {
  const { install, unlocked, run } = COMMANDS[manager];
  return { install: hasLock ? install : unlocked, run };
}
