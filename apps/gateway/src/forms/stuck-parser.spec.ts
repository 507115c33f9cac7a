import { type ParsedSource, unlessStuck } from './stuck-parser.js';

const silence = new Promise<never>(() => {});
const aSource = (about: Partial<ParsedSource> = {}): ParsedSource => ({
  readableLength: 0,
  complete: false,
  socket: { bytesRead: 100 },
  ...about,
});

describe('a parser', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const fateOf = (waiting: Promise<string>): { now: string } => {
    const fate = { now: 'waiting' };
    waiting.then(
      (value) => (fate.now = value),
      (error: Error) => (fate.now = error.message),
    );
    return fate;
  };

  it('that goes on is waited for, and its result or failure is the answer', async () => {
    await expect(unlessStuck(aSource(), Promise.resolve('a part'))).resolves.toBe('a part');
    await expect(unlessStuck(aSource(), Promise.reject(new Error('torn')))).rejects.toThrow('torn');
    expect(jest.getTimerCount()).toBe(0);
  });

  it.each([{ readableLength: 1 }, { complete: true }])(
    'that makes nothing of what it has is given up: %j',
    async (about) => {
      const fate = fateOf(unlessStuck(aSource(about), silence));
      await jest.advanceTimersByTimeAsync(700);
      expect(fate.now).toBe('waiting');
      await jest.advanceTimersByTimeAsync(100);
      expect(fate.now).toBe('it cannot be read');
    },
  );

  it('that has nothing to read yet is not stuck', async () => {
    const fate = fateOf(unlessStuck(aSource(), silence));
    await jest.advanceTimersByTimeAsync(60_000);
    expect(fate.now).toBe('waiting');
  });

  it('that reads on is not stuck, however long it takes', async () => {
    const source = aSource({ readableLength: 65_536 });
    const fate = fateOf(unlessStuck(source, silence));
    for (let read = 0; read < 100; read++) {
      source.socket.bytesRead += 1;
      await jest.advanceTimersByTimeAsync(250);
    }
    expect(fate.now).toBe('waiting');
  });
});
