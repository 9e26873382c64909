import { findTool } from './executables.ts';
import { runTool } from './run-tool.ts';

/** Who made a commit, and where it can be looked at. */
export interface CommitPeople {
  readonly author: { readonly name: string; readonly email: string };
  readonly committer: { readonly name: string; readonly email: string };
  /** The whole message. */
  readonly message: string;
  readonly tree: string;
  /** `https://github.com/owner/name` of the remote `origin`; '' where it is none that a browser opens. */
  readonly repository: string;
}

/** @returns undefined without git or where there is no such commit */
export async function commitPeople(folder: string, id: string): Promise<CommitPeople | undefined> {
  const git = findTool('git');
  if (git === undefined || id === '') return undefined;
  const ask = async (...words: string[]): Promise<string | undefined> => {
    const { code, stdout } = await runTool(git, ['-C', folder, ...words], 30_000);
    return code === 0 ? stdout.trim() : undefined;
  };
  const [commit, remote = ''] = await Promise.all([
    ask('log', '-1', '--format=%an%n%ae%n%cn%n%ce%n%T%n%B', '--end-of-options', id, '--'),
    ask('config', '--get', 'remote.origin.url'),
  ]);
  if (commit === undefined) return undefined;
  const [author = '', authorEmail = '', committer = '', committerEmail = '', tree = '', ...message] =
    commit.split('\n');
  return {
    author: { name: author, email: authorEmail },
    committer: { name: committer, email: committerEmail },
    message: message.join('\n').trim(),
    tree,
    repository: pageOf(remote),
  };
}

/** The page of a remote; whatever is in front of the host, such as a password, is left out. */
function pageOf(remote: string): string {
  const [, host, path] =
    /^(?:https?:\/\/(?:[^@/]*@)?|ssh:\/\/(?:[^@/]*@)?|[^@/\s]+@)([\w.-]+)(?::\d+)?[/:]([\w./-]+?)(?:\.git)?\/?$/.exec(
      remote,
    ) ?? [];
  return host === undefined ? '' : `https://${host}/${path}`;
}
