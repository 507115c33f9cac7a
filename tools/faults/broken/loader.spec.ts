import { initialize, load } from './loader.js';

describe('the loader that breaks modules', () => {
  const module = 'apps/task/src/tasks/task.js';
  const context = { conditions: [], format: 'module', importAttributes: {} } as never;
  const loaded = async (source: string, url = `file:///somewhere/dist/${module}`): Promise<string> => {
    const answer = await load(url, context, async () => ({ format: 'module', source: Buffer.from(source) }));
    return Buffer.from(answer.source as string).toString();
  };

  beforeEach(() => initialize([{ module, piece: 'a === b', instead: 'true /* $& */' }]));

  it('replaces the piece, literally', async () => {
    expect(await loaded('const is = a === b;')).toBe('const is = true /* $& */;');
  });

  it('leaves other modules alone', async () => {
    expect(await loaded('a === b', 'file:///somewhere/dist/apps/auth/src/main.js')).toBe('a === b');
  });

  it.each(['a == b', 'a === b; a === b'])('stops at a module that has changed: %s', async (source) => {
    await expect(loaded(source)).rejects.toThrow('does not have this exactly once: a === b');
  });
});
