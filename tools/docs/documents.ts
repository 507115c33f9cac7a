import { modelsSchema } from '../../apps/ml-bridge/src/catalogue/schema/models-schema.js';
import { configurationPage } from './configuration.js';
import { messagesPage } from './messages.js';
import { problemsPage } from './problems.js';

/** Every page that is made from the code: its place in the checkout and its text. */
export const generatedDocuments = (): Record<string, string> => ({
  'docs/configuration.md': configurationPage(),
  'docs/messages.md': messagesPage(),
  'docs/problems.md': problemsPage(),
  'docs/models.schema.json': `${JSON.stringify(modelsSchema, null, 2)}\n`,
});
