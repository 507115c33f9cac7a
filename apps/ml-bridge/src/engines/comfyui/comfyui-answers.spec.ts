import { nodesDone } from './comfyui-answers.js';

const message = (type: string, data: object): string => JSON.stringify({ type, data: { prompt_id: 'run', ...data } });

describe('what ComfyUI tells of its nodes', () => {
  it.each([
    [message('progress_state', { nodes: { 7: { value: 3, max: 30 }, 8: { value: 1, max: 1 } } }), { 7: 0.1, 8: 1 }],
    [message('progress', { node: '7', value: 15, max: 30 }), { 7: 0.5 }],
    [message('execution_cached', { nodes: ['1', '2'] }), { 1: 1, 2: 1 }],
    [message('progress', { node: '7', value: 9, max: 3 }), { 7: 1 }],
    [message('progress', { node: '7', value: 'half', max: 0 }), { 7: 0 }],
    [message('progress', { prompt_id: 'another run', node: '7', value: 1, max: 1 }), {}],
    [message('executing', { node: '7' }), {}],
    ['{"type":"status","data":{"sid":"x"}}', {}],
    ['no JSON', {}],
    ['null', {}],
  ])('is taken from %s', (text, done) => expect(nodesDone(text, 'run')).toEqual(done));
});
