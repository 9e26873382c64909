import { unpacked } from '../../../html/app/data.ts';
import { startPage } from '../../../html/app/start.ts';
import { COMPARISON_ID } from '../diff-page.ts';
import { DiffApp } from './app.ts';
import { decodePage } from './decode.ts';
import { DiffStore } from './store.ts';

startPage(
  () => unpacked(COMPARISON_ID),
  (block) => new DiffApp(new DiffStore(decodePage(block))).parts,
);
