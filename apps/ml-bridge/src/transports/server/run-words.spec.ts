import { aJob } from '../../../test/a-job.js';
import { RunWords } from './run-words.js';

const stages = ['shape', 'texture'].map((name) => ({ name, deadlineSeconds: null, weight: 1 }));
const words = (lastSeq = -1) =>
  new RunWords(aJob({ attempt: 2 }), { workerId: 'server.one', stages, heartbeatMs: 5000 }, { lastSeq });

describe('what is said of an attempt', () => {
  it('is numbered on where the last process stopped, each with an id of its own', () => {
    const said = words(7);
    const [first, second] = [said.event('accepted'), said.event('failed')];
    expect([first, second]).toMatchObject([
      { seq: 8, attempt: 2, worker_id: 'server.one' },
      { seq: 9, attempt: 2 },
    ]);
    expect(first.event_id).not.toBe(second.event_id);
  });

  it('has a stage as soon as it is entered, more percent every second, and something with every heartbeat', () => {
    const said = words();
    const percents = [
      said.progress('shape', 0.1, 0),
      said.progress('shape', 0.2, 500),
      said.progress('shape', 0.3, 1000),
      said.progress('shape', 0.3, 5999),
      said.progress('shape', 0.3, 6000),
      said.progress('texture', undefined, 6001),
    ].map((event) => event && [event.stage, event.percent]);
    expect(percents).toEqual([['shape', 5], null, ['shape', 15], null, ['shape', 15], ['texture', 50]]);
  });

  it('never has less percent than before', () => {
    const said = words();
    said.progress('texture', 0.5, 0);
    expect(said.progress('shape', 0, 10)?.percent).toBe(75);
    expect(said.event('failed')).toMatchObject({ stage: 'shape' });
  });
});
