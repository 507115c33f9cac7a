/** `npm run docs`: writes the pages of docs/ that are made from the code. */
import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../local-stack/state/folders.js';
import { generatedDocuments } from './documents.js';

for (const [file, text] of Object.entries(generatedDocuments())) {
  writeFileSync(path.join(projectRoot(), file), text);
  console.log(file);
}
