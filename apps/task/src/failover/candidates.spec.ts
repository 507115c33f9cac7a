import { nextOf, onModel, type WithCandidates } from './candidates.js';

const a = (model: string) => ({ model, params: { target_polycount: model.length }, paramsIgnored: [model] });
const task: WithCandidates = { ...a('one'), fallbacks: [a('two'), a('three'), a('four')] };
const order = ({ model, fallbacks }: WithCandidates): string[] => [model, ...fallbacks.map((one) => one.model)];

describe('the candidates of a task', () => {
  it('go round: whoever is left comes last', () => {
    expect(order(onModel(task, 'two'))).toEqual(['two', 'three', 'four', 'one']);
    expect(order(onModel(task, 'three'))).toEqual(['three', 'four', 'one', 'two']);
    expect(onModel(onModel(task, 'four'), 'one')).toEqual(task);
  });

  it('bring their own parameters, and what they ignore', () => {
    expect(onModel(task, 'three')).toMatchObject(a('three'));
  });

  it('stay as they are when nobody takes over', () => {
    expect(onModel(task, 'one')).toBe(task);
    expect(onModel(task, 'five')).toBe(task);
  });

  it('are asked in their order, the present one not at all', () => {
    expect(nextOf(task, ['four', 'three', 'two'])).toBe('two');
    expect(nextOf(task, ['four'])).toBe('four');
    expect(nextOf(task, ['one'])).toBeUndefined();
  });
});
