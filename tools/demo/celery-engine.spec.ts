import { parse } from 'yaml';
import { withTurned } from './celery-engine.js';

const catalogue = `version: 1
models:
  - id: reference
  - id: turned # made in Python
    enabled: false
    transport: { type: celery, broker_url: '\${CELERY_BROKER_URL}', queue: turned, task: lathe.generate }
`;

describe('the catalogue of the demo', () => {
  it('is the one of the project with the turned model switched on', () => {
    const { content, queue, task } = withTurned(catalogue);
    const { models } = parse(content) as { models: { id: string; enabled?: boolean; transport?: object }[] };
    expect(models[1]).toMatchObject({ id: 'turned', enabled: true, transport: { type: 'celery' } });
    expect([models[0], queue, task]).toEqual([{ id: 'reference' }, 'turned', 'lathe.generate']);
  });

  it('cannot be made of one without that model', () => {
    expect(() => withTurned('version: 1\nmodels: []\n')).toThrow('models.yaml has no model "turned"');
  });
});
