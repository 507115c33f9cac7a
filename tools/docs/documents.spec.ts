import { existsSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../local-stack/state/folders.js';
import { settingsSections } from './configuration.js';
import { generatedDocuments } from './documents.js';
import { provisionSettings, stackSettings } from './launcher-settings.js';
import { messagesPage } from './messages.js';
import { settingsOf } from './settings.js';
import { sourcesBelow, textOf } from './source-files.js';

describe('the pages that are made from the code', () => {
  it.each(Object.entries(generatedDocuments()))('%s is what "npm run docs" makes', (file, text) => {
    expect(existsSync(path.join(projectRoot(), file)) && textOf(file)).toBe(text);
  });

  it('say what every setting means', () => {
    const silent = settingsSections.flatMap((section) => settingsOf(section).filter(({ meaning }) => meaning === ''));
    expect(silent).toEqual([]);
  });

  it('name a sender of every question and every fact, and a listener of every fact', () => {
    const unused = messagesPage().match(/^.*\| – \|.*$/gm);
    expect(unused).toBeNull();
  });

  it('name every variable that the launcher and the provisioner read', () => {
    const listed = new Set([...stackSettings, ...provisionSettings].map(({ name }) => name));
    expect(variablesReadBy('tools').filter((name) => !listed.has(name))).toEqual([]);
  });
});

/** Of the system and of the tests; `AUTH_DATABASE_PASSWORD` and the like are put together from parts. */
const notSettings = /^(PATH|HOME|XDG_CACHE_HOME|NODE_ENV|TEST_\w+|S3_CONTRACT_\w+|PYTHONPATH)$/;

function variablesReadBy(folder: string): string[] {
  const text = sourcesBelow(folder).map(textOf).join('\n');
  const named = [...text.matchAll(/\benv(?:\.|, ')([A-Z][A-Z0-9_]+)/g)].map(([, name]) => name!);
  const unpacked = [...text.matchAll(/const \{([^}]*)\} = (?:process\.)?env;/g)].flatMap(([, names]) =>
    [...names!.matchAll(/([A-Z][A-Z0-9_]+)/g)].map(([, name]) => name!),
  );
  return [...new Set([...named, ...unpacked])].filter((name) => !notSettings.test(name)).toSorted();
}
