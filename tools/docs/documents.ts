import { modelsSchema } from '../../apps/ml-bridge/src/catalogue/schema/models-schema.js';
import { configurationPage } from './configuration.js';
import { messagesPage } from './messages.js';
import { problemsPage } from './problems.js';
import { dashboardJson } from '../observability/dashboard.js';
import { dashboards } from '../observability/dashboards/dashboards.js';

/** Every page that is made from the code: its place in the checkout and its text. */
export const generatedDocuments = (): Record<string, string> => ({
  'docs/configuration.md': configurationPage(),
  'docs/messages.md': messagesPage(),
  'docs/problems.md': problemsPage(),
  'docs/models.schema.json': `${JSON.stringify(modelsSchema, null, 2)}\n`,
  ...Object.fromEntries(
    dashboards.map((dashboard) => [
      `deploy/observability/grafana/dashboards/${dashboard.uid}.json`,
      `${JSON.stringify(dashboardJson(dashboard), null, 2)}\n`,
    ]),
  ),
});
