import { optionsFrom } from './options.js';

describe('the options of the demo', () => {
  it('are the engine that comes with Lathe unless told', () => {
    expect(optionsFrom([]).engine).toBe('reference');
    expect(optionsFrom(['--engine', 'celery'])).toEqual({ engine: 'celery', broker: 'rabbitmq' });
    expect(optionsFrom(['--engine', 'celery', '--broker', 'redis'])).toEqual({ engine: 'celery', broker: 'redis' });
  });

  it('are refused with the usage when they are not understood', () => {
    expect(() => optionsFrom(['--engine', 'steam'])).toThrow(
      /--engine must be reference or celery; it is "steam"\.\nnpm run demo/,
    );
    expect(() => optionsFrom(['--broker', 'redis'])).toThrow('--broker is for --engine celery');
    expect(() => optionsFrom(['--engin', 'celery'])).toThrow(/--engin[^]*npm run demo/);
  });
});
