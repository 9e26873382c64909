import { type ProjectSetup, projectCommands } from './project-setup.ts';

/**
 * A pipeline for GitLab. A merge request is measured in turns with the commit that it started from, in one job on one machine; the
 * default branch has a history, kept in the cache. GitLab shows tests and metrics at the merge request itself, without a token.
 */
export function gitlabPipeline(setup: ProjectSetup): string {
  const { manager } = setup;
  const { install, run } = projectCommands(setup);
  const corepack = manager === 'npm' ? '' : '\n    - corepack enable';
  return `# Made by: pforge-prof init gitlab
# It needs benchmarks (bench/**/*.bench.js; see pforge-prof bench --help) and pforge-prof among the devDependencies.
# Beside a pipeline of your own: init gitlab -o benchmarks.gitlab-ci.yml, and include: benchmarks.gitlab-ci.yml

.benchmarks:
  image: node:22
  interruptible: true
  timeout: 60 minutes
  variables:
    # The base of a merge request is measured too
    GIT_DEPTH: 0
  before_script:${corepack}
    - ${install}
  artifacts:
    when: always
    paths: [benchmarks.json]
    reports:
      junit: junit.xml
      metrics: metrics.txt

benchmarks of a merge request:
  extends: .benchmarks
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  script:
    - ${run} bench --against "$CI_MERGE_REQUEST_DIFF_BASE_SHA" --json > benchmarks.json
    - ${run} check benchmarks.json --budget 'bench.*.change < 5%' --junit junit.xml --gitlab metrics.txt

benchmarks:
  extends: .benchmarks
  # Two jobs at once would keep one history each
  resource_group: benchmarks
  interruptible: false
  rules:
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  cache:
    key: pforge-prof-history
    paths: [.pforge-prof/]
    # Also what failed, as it is the level of the next commits
    when: always
  script:
    - ${run} bench --json > benchmarks.json
    - status=0
    - ${run} check benchmarks.json --budget 'bench.*.median < +10% of history' --junit junit.xml --gitlab metrics.txt || status=$?
    - ${run} track benchmarks.json
    - exit $status
`;
}
