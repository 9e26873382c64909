import { type ProjectSetup, projectCommands } from './project-setup.ts';

/**
 * A workflow for GitHub Actions. A pull request is measured in turns with the branch that it is for, in one job on one machine, as
 * machines of GitHub differ by more than most changes; the main branch has a history, kept in the cache. It comments on the pull
 * request, in one comment that is replaced, and fails where something became slower.
 */
export function githubWorkflow(setup: ProjectSetup): string {
  const { manager, hasLock, mainBranch } = setup;
  const { install, run } = projectCommands(setup);
  const cache = hasLock ? `\n          cache: ${manager}` : '';
  const pnpm = manager === 'pnpm' ? '\n      - uses: pnpm/action-setup@v4\n        with:\n          version: 10' : '';
  const branch = JSON.stringify(mainBranch);
  return `# Made by: pforge-prof init github
# It needs benchmarks (bench/**/*.bench.js; see pforge-prof bench --help) and pforge-prof among the devDependencies.
name: Benchmarks

on:
  push:
    branches: [${branch}]
  pull_request:

permissions:
  contents: read
  pull-requests: write

# Of one branch only the newest state is measured
concurrency:
  group: benchmarks-\${{ github.ref }}
  cancel-in-progress: \${{ github.event_name == 'pull_request' }}

jobs:
  benchmarks:
    runs-on: ubuntu-latest
    timeout-minutes: 60
    steps:
      - uses: actions/checkout@v4
        with:
          # The base of a pull request is measured too
          fetch-depth: 0${pnpm}
      - uses: actions/setup-node@v4
        with:
          node-version: 22${cache}
      - run: ${install}

      # Caches cannot be changed: each run saves one of its own, and the newest is found by the start of its key
      - name: Fetch the history
        uses: actions/cache/restore@v4
        with:
          path: .pforge-prof
          key: pforge-prof-history-\${{ runner.os }}-\${{ github.run_id }}-\${{ github.run_attempt }}
          restore-keys: pforge-prof-history-\${{ runner.os }}-

      - name: Measure the pull request and its base in turns
        if: github.event_name == 'pull_request'
        env:
          BASE: origin/\${{ github.base_ref }}
        run: ${run} bench --against "$BASE" --json > benchmarks.json
      - name: Measure
        if: github.event_name == 'push'
        run: ${run} bench --json > benchmarks.json

      - name: Check the pull request
        if: github.event_name == 'pull_request'
        run: ${run} check benchmarks.json --budget 'bench.*.change < 5%' --comment comment.md --junit junit.xml
      - name: Check
        if: github.event_name == 'push'
        run: ${run} check benchmarks.json --budget 'bench.*.median < +10% of history' --junit junit.xml

      # Also what failed, as it is the level of the next commits
      - name: Keep the results
        if: github.event_name == 'push' && !cancelled() && hashFiles('benchmarks.json') != ''
        run: ${run} track benchmarks.json
      - name: Save the history
        if: github.event_name == 'push' && !cancelled() && hashFiles('.pforge-prof/**') != ''
        uses: actions/cache/save@v4
        with:
          path: .pforge-prof
          key: pforge-prof-history-\${{ runner.os }}-\${{ github.run_id }}-\${{ github.run_attempt }}

      # A pull request of a fork may not comment: the summary of the job has the same table
      - name: Comment
        if: >-
          github.event_name == 'pull_request' && !cancelled() && hashFiles('comment.md') != '' &&
          github.event.pull_request.head.repo.full_name == github.repository
        uses: actions/github-script@v7
        with:
          script: |
            const body = require('node:fs').readFileSync('comment.md', 'utf8');
            const marker = body.split('\\n', 1)[0];
            const issue = { ...context.repo, issue_number: context.issue.number };
            const comments = await github.paginate(github.rest.issues.listComments, { ...issue, per_page: 100 });
            const own = comments.find((comment) => comment.body.startsWith(marker));
            if (own) await github.rest.issues.updateComment({ ...context.repo, comment_id: own.id, body });
            else await github.rest.issues.createComment({ ...issue, body });
      - uses: actions/upload-artifact@v4
        if: '!cancelled()'
        with:
          name: benchmarks
          path: |
            benchmarks.json
            junit.xml
          if-no-files-found: ignore
`;
}
