import { linksOf, markdownPages, placesIn, resolves } from './markdown-page.js';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../local-stack/state/folders.js';
import { textOf } from './source-files.js';

/** Folders of one machine, and hosts that packages are fetched from: both belong to whoever wrote the page, not to its readers. */
const ofOneMachine = /(?<![\w.}/])\/(?:work|home|root|tmp|Users|mnt)\/|\bregistry\.|npmmirror|\.\.\/shared/;

describe.each(markdownPages())('%s', (page) => {
  const text = textOf(page);

  it('has links that lead somewhere', () => {
    expect(linksOf(text).filter((link) => !resolves(page, link))).toEqual([]);
  });

  it('names places that exist', () => {
    expect(placesIn(text).filter((place) => !existsSync(path.join(projectRoot(), place)))).toEqual([]);
  });

  it('names nothing of one machine', () => {
    expect(ofOneMachine.exec(text)?.[0]).toBeUndefined();
  });
});
