import { createHash } from 'node:crypto';
import { escapeXml } from '../escape.ts';

/** A page that loads nothing: what its Content-Security-Policy allows is its own, by hashes. */
export interface StaticPage {
  readonly title: string;
  readonly style: string;
  /** Whether pictures in the body bring style sheets of their own. */
  readonly styledParts?: boolean;
  /** Default: none runs. */
  readonly script?: string;
  /** Of the body; all untrusted text in it is escaped. */
  readonly body: Iterable<string>;
}

/** One page whose text is there without scripts; a script may bring it to life. */
export function* staticPage({ title, style, styledParts = false, script, body }: StaticPage): Iterable<string> {
  const styles = styledParts ? "'unsafe-inline'" : hashOf(style);
  const scripts = script === undefined ? '' : ` script-src ${hashOf(script)};`;
  yield pageHead(title, `default-src 'none';${scripts} style-src ${styles}`, style);
  yield* body;
  if (script !== undefined) yield `<script>${script}</script>\n`;
  yield '</body>\n</html>\n';
}

/** All up to the start of the body. @param policy beside that nothing is sent anywhere */
export function pageHead(title: string, policy: string, style: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="pforge-prof">
<title>${escapeXml(title)}</title>
<style>${style}</style>
</head>
<body>
`;
}

/** How a policy names a script or a style sheet. */
export function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
