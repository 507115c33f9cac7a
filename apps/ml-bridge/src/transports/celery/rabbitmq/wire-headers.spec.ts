import { wireHeaders } from './wire-headers.js';

describe('headers for workers in Python', () => {
  it('have no 16-bit integers, which its client cannot read', () => {
    const headers = wireHeaders({ task: 'lathe.generate', timelimit: [1800, 1795], retries: 0, eta: null });
    expect(headers).toEqual({
      task: 'lathe.generate',
      timelimit: [
        { '!': 'int', value: 1800 },
        { '!': 'int', value: 1795 },
      ],
      retries: { '!': 'int', value: 0 },
      eta: null,
    });
  });
});
