import { findTool } from './executables.ts';
import { runTool } from './run-tool.ts';

/** What this tool keeps in a repository is no source. */
const OWN_FILES = '.pforge-prof';

/** The state of the sources in a folder. */
export interface RepositoryState {
  /** The top folder. */
  readonly folder: string;
  readonly id: string;
  /** When it was committed, ISO 8601. */
  readonly time: string;
  /** First line of its message. */
  readonly subject: string;
  /** '' where none is checked out, and no job of a workflow says which it is. */
  readonly branch: string;
  /** Tracked files differ from the commit. */
  readonly dirty: boolean;
}

/**
 * What git says of a folder.
 * @param ref a commit. Default: the one that is checked out
 * @returns undefined without git, outside of a repository, before its first commit, or where there is no such commit
 */
export async function repositoryState(folder: string, ref = 'HEAD'): Promise<RepositoryState | undefined> {
  const git = findTool('git');
  if (git === undefined) return undefined;
  const ask = async (...words: string[]): Promise<string | undefined> => {
    const { code, stdout } = await runTool(git, ['-C', folder, ...words], 30_000);
    return code === 0 ? stdout.trim() : undefined;
  };
  const [top, commit, branch, changes] = await Promise.all([
    ask('rev-parse', '--show-toplevel'),
    ask('log', '-1', '--format=%H%n%cI%n%s', '--end-of-options', ref, '--'),
    ask('symbolic-ref', '--short', '--quiet', 'HEAD'),
    ask('status', '--porcelain', '--untracked-files=no', '--', ':(top)', `:(top,exclude)${OWN_FILES}`),
  ]);
  if (top === undefined || !commit) return undefined;
  const [id = '', time = '', subject = ''] = commit.split('\n');
  const isCheckedOut = ref === 'HEAD';
  return {
    folder: top,
    id,
    time: new Date(time).toISOString(),
    subject,
    branch: branch ?? branchOfJob(process.env),
    dirty: isCheckedOut && (changes ?? '') !== '',
  };
}

/**
 * The branch that a job runs for, where it checks out a bare commit: of GitHub's and GitLab's variables. A pull request goes by
 * its number, as the branch of a fork may be called `main`, too.
 */
function branchOfJob({ GITHUB_REF, CI_MERGE_REQUEST_IID, CI_COMMIT_BRANCH }: NodeJS.ProcessEnv): string {
  const pull = /^refs\/(?:heads\/(.+)|(pull\/\d+)\/)/.exec(GITHUB_REF ?? '');
  if (pull !== null) return pull[1] ?? pull[2]!;
  return CI_MERGE_REQUEST_IID ? `merge-request/${CI_MERGE_REQUEST_IID}` : (CI_COMMIT_BRANCH ?? '');
}

/** What git says of the repository that a folder is in, commits or none. */
export interface RepositoryPlace {
  /** The top folder; the folder itself where there is no repository. */
  readonly top: string;
  /** The branch that others are made from: what the remote `origin` says, else `main` or `master`, else the current one. */
  readonly mainBranch: string;
}

export async function repositoryPlace(folder: string): Promise<RepositoryPlace> {
  const git = findTool('git');
  if (git === undefined) return { top: folder, mainBranch: 'main' };
  const ask = async (...words: string[]): Promise<string> => {
    const { code, stdout } = await runTool(git, ['-C', folder, ...words], 30_000);
    return code === 0 ? stdout.trim() : '';
  };
  const [top, remote, branches, current] = await Promise.all([
    ask('rev-parse', '--show-toplevel'),
    ask('symbolic-ref', '--short', '--quiet', 'refs/remotes/origin/HEAD'),
    ask('for-each-ref', '--format=%(refname:short)', 'refs/heads/main', 'refs/heads/master'),
    ask('symbolic-ref', '--short', '--quiet', 'HEAD'),
  ]);
  const mainBranch = remote.replace(/^origin\//, '') || branches.split('\n')[0] || current || 'main';
  return { top: top || folder, mainBranch };
}
