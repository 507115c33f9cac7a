import { optionsFrom } from './options.js';

describe('what to do with dead letters', () => {
  it('is said in a word, with the messages it is about', () => {
    expect(optionsFrom(['list'])).toEqual({ action: 'list', ids: [], all: false, limit: 1000 });
    expect(optionsFrom(['replay', '--id', 'a', '--id', 'b', '--queue', 'task.events.dead'])).toMatchObject({
      action: 'replay',
      ids: ['a', 'b'],
      queue: 'task.events.dead',
    });
    expect(optionsFrom(['drop', '--all', '--limit', '5'])).toMatchObject({ action: 'drop', all: true, limit: 5 });
  });

  it.each([
    [[], 'Say what to do'],
    [['burn'], 'Say what to do'],
    [['list', 'show'], 'Say what to do'],
    [['replay'], 'replay wants --id or --all'],
    [['drop', '--queue', 'ml.dead'], 'drop wants --id or --all'],
    [['list', '--limit', '0'], '--limit'],
    [['list', '--colour'], '--colour'],
  ])('is refused when it is %j', (args, reason) => expect(() => optionsFrom(args)).toThrow(reason));
});
