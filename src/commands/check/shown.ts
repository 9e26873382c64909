import { UserError } from '../../errors.ts';
import type { CheckReport } from '../../history/check-report.ts';
import type { KeptResult } from '../../history/entry.ts';
import { customBenchmarks } from '../../history/result-files.ts';
import { openOutput } from '../../output.ts';
import { checkJson, checkText } from '../../render/ci/check-text.ts';
import { checkMarkdown } from '../../render/ci/markdown.ts';
import { forLocale } from '../../terminal/ascii.ts';
import { textLook } from '../../terminal/text-look.ts';
import type { Call } from '../command.ts';
import type { CheckOptions } from './options.ts';

/**
 * Opens where the report goes, before anything is measured.
 * @throws {UserError} it cannot be written there; --json and --format contradict each other
 */
export function openShown({ output = '-', format: asked }: CheckOptions, { world, shared }: Call) {
  if (shared.json && asked !== undefined && asked !== 'json') {
    throw new UserError(`--json and --format ${asked} contradict each other`);
  }
  const named = /\.(json|md)$/.exec(output)?.[1] as 'json' | 'md' | undefined;
  const format = asked ?? (shared.json ? 'json' : (named ?? 'text'));
  const opened = openOutput(output, world);
  return async (report: CheckReport): Promise<void> => {
    if (shared.quiet && format === 'text' && opened.isStdout) return;
    await opened.write(chunks(report));
  };

  function chunks(report: CheckReport): string[] {
    switch (format) {
      case 'json':
        return [json(checkJson(report))];
      case 'md':
        return [checkMarkdown(report)];
      case 'customSmallerIsBetter':
        return [json(custom(report.results, 'smaller'))];
      case 'customBiggerIsBetter':
        return [json(custom(report.results, 'bigger'))];
      case 'text': {
        const look = textLook(world, opened.isStdout);
        return [forLocale(checkText(report, look), look)];
      }
    }
  }
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function custom(results: readonly KeptResult[], better: KeptResult['better']): object {
  const found = customBenchmarks(results, better);
  if (found.length > 0) return found;
  throw new UserError(`no result is better the ${better} it is`, {
    hint: `use --format ${better === 'smaller' ? 'customBiggerIsBetter' : 'customSmallerIsBetter'}`,
  });
}
