import { allFaults } from './faults/catalogue.js';
import { optionsFrom } from './options.js';

const names = (...args: string[]): string[] => optionsFrom(args).faults.map(({ name }) => name);

describe('the options of the fault suite', () => {
  it('are every fault and 500 tasks, unless told', () => {
    expect(optionsFrom([])).toMatchObject({ tasks: 500, faults: allFaults, scenarios: [], isBroken: false });
    expect(new Set(names()).size).toBe(allFaults.length);
    expect(allFaults.length).toBeGreaterThanOrEqual(40);
  });

  it('are a few of each sort in short', () => {
    expect(optionsFrom(['--short']).tasks).toBe(40);
    expect(names('--short')).toHaveLength(15);
  });

  it('choose faults by words of their names', () => {
    expect(names('--only', 'half-open')).toEqual(['half-open broker', 'half-open database', 'half-open store']);
    expect(names('--only', 'kill task,poison')).toEqual(['kill task', 'poison']);
    expect(() => names('--only', 'earthquake')).toThrow('No such fault; there are: kill gateway, ');
  });

  it('are restarts in turn of two of each service', () => {
    expect(optionsFrom(['--rolling'])).toMatchObject({ replicas: 2, tasks: 100 });
    expect(names('--rolling').length).toBe(7);
    expect(names('--rolling', '--short')).toEqual(['rolling restart of everything']);
    expect(names('--rolling', '--only', 'gateway')).toEqual(['rolling restart of gateway']);
    expect(optionsFrom([]).replicas).toBe(1);
  });

  it('choose guards', () => {
    const { scenarios, isBroken } = optionsFrom(['--guard', 'inbox,fencing', '--broken']);
    expect([scenarios.map(({ guard }) => guard), isBroken]).toEqual([['inbox', 'fencing'], true]);
    expect(() => optionsFrom(['--guard', 'luck'])).toThrow(
      'No such guard; there are: fencing, inbox, ack-after-commit',
    );
  });

  it('refuse what is no number, and what nobody knows', () => {
    expect(() => optionsFrom(['--seed', 'x'])).toThrow('--seed must be a whole number; it is "x"');
    expect(() => optionsFrom(['--sead', '1'])).toThrow('--sead');
  });
});
