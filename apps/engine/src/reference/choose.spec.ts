import { choose } from './choose.js';
import { understand } from './prompt/prompt.js';

function chosen(prompt: string, negative?: string): string {
  const choice = choose(prompt, understand(prompt), negative);
  if (choice.method === 'shape') return choice.shape;
  return choice.method === 'emoji' ? choice.emoji.symbol : 'lettering';
}

describe('what is chosen for a prompt', () => {
  it.each([
    ['a red ceramic mug', 'mug'],
    ['a cup of coffee', 'mug'],
    ['two wooden chairs', 'chair'],
    ['деревянные стулья', 'chair'],
    ['wooden desk with drawers', 'table'],
    ['steel sword', 'sword'],
    ['red sports car', 'car'],
    ['a cat mug', 'mug'],
    ['кружка с котом', 'mug'],
    ['золотой ключик', 'key'],
    ['кольцо с бриллиантом', 'ring'],
    ['дерево', 'tree'],
    ['a glass of water', 'tumbler'],
    ['a flower pot', 'flowerpot'],
    ['космического корабля', 'rocket'],
  ])('%s is the shape %s', (prompt, shape) => {
    expect(chosen(prompt)).toBe(shape);
  });

  it.each([
    ['рыжая кошка', '🐈'],
    ['чёрный кот', '🐈'],
    ['котики', '🐈'],
    ['a green dragon', '🐉'],
    ['teddy bear', '🧸'],
    ['плюшевый мишка', '🧸'],
    ['a fire engine', '🚒'],
    ['christmas tree', '🎄'],
    ['red apple', '🍎'],
    ['спелая груша', '🍐'],
    ['золотая рыбка', '🐟'],
    ['львы', '🦁'],
    ['a house cat', '🐈'],
    ['dragon riding a bicycle', '🐉'],
    ['a model of a T-Rex', '🦖'],
    ['two ice cream cones', '🍦'],
    ['Katze', '🐈'],
    ['perro', '🐕'],
    ['give me a 🦉 please', '🦉'],
  ])('%s is the emoji %s', (prompt, symbol) => {
    expect(chosen(prompt)).toBe(symbol);
  });

  it.each(['qwertyuiop', 'бла бла бла', 'the of with', 'x'])('%s becomes lettering', (prompt) => {
    expect(chosen(prompt)).toBe('lettering');
  });

  it('passes over what the negative prompt names', () => {
    expect(chosen('a pet')).toBe('🐶');
    expect(['🐶', '🐕']).not.toContain(chosen('a pet', 'dogs'));
    expect(chosen('кружка', 'кружки')).not.toBe('mug');
  });

  it('is the surer the more of the prompt it explains', () => {
    const sureness = (prompt: string): number => choose(prompt, understand(prompt)).confidence;
    expect(sureness('a red mug')).toBeCloseTo(0.9);
    expect(sureness('a red mug')).toBeGreaterThan(sureness('a mug on a table'));
    expect(sureness('cat')).toBeGreaterThan(sureness('cyberpunk city'));
    expect(sureness('birthday cake')).toBeCloseTo(0.75);
    expect(sureness('qwertyuiop')).toBeCloseTo(0.1);
  });
});
