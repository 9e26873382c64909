import { flamePicture } from './flame-picture.ts';
import { start } from './start.ts';

start(flamePicture);
