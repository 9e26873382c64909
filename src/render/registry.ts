import type { Renderer } from './renderer.ts';

/** One line a picture or report; the module behind it is loaded only when it draws. */
export interface RendererEntry extends Pick<Renderer<object>, 'id' | 'title' | 'extension'> {
  /** Draws any profile with no option given; its own options are in its own file. */
  load(): Promise<Renderer<object>>;
}

export const renderers: readonly RendererEntry[] = [
  {
    id: 'svg',
    title: 'interactive flame graph (SVG)',
    extension: 'svg',
    load: async () => (await import('./compact/compact-svg.ts')).compactSvg,
  },
  {
    id: 'html',
    title: 'interactive report: flame graph, timeline, functions, source (one HTML file)',
    extension: 'html',
    load: async () => (await import('./html/flame-html.ts')).flameHtml,
  },
  {
    id: 'text',
    title: 'flame graph and hottest functions in the terminal',
    extension: 'txt',
    load: async () => (await import('./flame-text.ts')).flameText,
  },
  {
    id: 'md',
    title: 'report in Markdown, for pull requests and language models',
    extension: 'md',
    load: async () => (await import('./report-md.ts')).reportMarkdown,
  },
  {
    id: 'csv',
    title: 'hottest functions for spreadsheets',
    extension: 'csv',
    load: async () => (await import('./report-csv.ts')).reportCsv,
  },
];
