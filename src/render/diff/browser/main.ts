import { start } from '../../compact/browser/start.ts';
import { diffPicture } from './diff-picture.ts';

start(diffPicture);
