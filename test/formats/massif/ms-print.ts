import { openInput } from '../../../src/formats/input.ts';
import { readMassif } from '../../../src/formats/massif/read-massif.ts';
import { msPrintHead } from '../../../src/render/heap/ms-print-head.ts';

/** What our text is for the options of ms_print, as bytes. */
export async function printed(path: string, options: readonly string[], name = 'massif.out'): Promise<Buffer> {
  const value = (option: string): number | undefined => {
    const word = options.find((one) => one.startsWith(`--${option}=`));
    return word === undefined ? undefined : Number(word.slice(option.length + 3));
  };
  const wishes = { tables: { threshold: value('threshold') ?? 1, fullNames: false } };
  const { header, history, tables } = await readMassif(await openInput(path), wishes);
  const title = {
    command: header.command ?? '',
    description: header.description,
    timeUnit: header.timeUnit!,
    words: [...options, name],
  };
  const head = msPrintHead(title, history, { columns: value('x') ?? 72, rows: value('y') ?? 20 });
  const text = Buffer.concat([Buffer.from(head, 'latin1'), ...tables!.spool.chunks()]);
  await tables!.spool.dispose();
  return text;
}
