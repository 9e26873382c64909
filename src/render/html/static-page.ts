import { createHash } from 'node:crypto';
import { escapeXml } from '../escape.ts';

/** A page whose text is there without scripts; a script may bring it to life. */
export interface StaticPage {
  readonly title: string;
  readonly style: string;
  readonly script: string;
  /** Of the body; all untrusted text in it is escaped. */
  readonly body: Iterable<string>;
}

/** One page that loads nothing: its Content-Security-Policy allows its own script and style alone, by their hashes. */
export function* staticPage({ title, style, script, body }: StaticPage): Iterable<string> {
  yield `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src ${hashOf(script)}; style-src ${hashOf(style)}; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="pforge-prof">
<title>${escapeXml(title)}</title>
<style>${style}</style>
</head>
<body>
`;
  yield* body;
  yield `<script>${script}</script>
</body>
</html>
`;
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
