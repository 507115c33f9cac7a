import { parseArgs } from 'node:util';
import { type Command, runCommand, WrongUse } from './command.js';

const commands: Record<string, Command> = {
  greet: {
    summary: 'says hello',
    usage: 'lathe greet NAME',
    run: async (args, say) => {
      const { positionals } = parseArgs({ args, allowPositionals: true, options: {} });
      if (positionals.length !== 1) throw new WrongUse('Name one person.');
      if (positionals[0] === 'nobody') throw new Error('Nobody is there.');
      say(`hello, ${positionals[0]}`);
    },
  },
};

async function lathe(...args: string[]) {
  const [said, complained]: [string[], string[]] = [[], []];
  const code = await runCommand(
    commands,
    args,
    (line) => said.push(line),
    (line) => complained.push(line),
  );
  return { code, said: said.join('\n'), complained: complained.join('\n') };
}

describe("the administrator's command", () => {
  it('runs what it is told', async () => {
    expect(await lathe('greet', 'ada')).toEqual({ code: 0, said: 'hello, ada', complained: '' });
  });

  it('lists what it can do', async () => {
    expect(await lathe()).toMatchObject({ code: 0, said: expect.stringContaining('greet  says hello') });
    expect(await lathe('greet', '--help')).toMatchObject({ code: 0, said: 'lathe greet NAME' });
  });

  it.each([['dance'], ['toString'], ['greet'], ['greet', '--loudly', 'ada']])(
    'does not understand %j',
    async (...args) => {
      expect(await lathe(...args)).toMatchObject({ code: 2, said: '', complained: expect.stringContaining('greet') });
    },
  );

  it('says why something could not be done', async () => {
    expect(await lathe('greet', 'nobody')).toEqual({ code: 1, said: '', complained: 'Nobody is there.' });
  });
});
