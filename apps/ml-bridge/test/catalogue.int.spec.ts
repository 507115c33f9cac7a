import { Logger } from '@nestjs/common';
import { catalogueChanged, modelOffered } from '#contracts';
import { eventually } from '#testing';
import { stringify } from 'yaml';
import { bridgeOfSuite } from './bridge.js';
import { aModelsFile, shippedFile } from './catalogue.js';

const [reference, convert] = shippedFile().models as [object, object];
const another = { ...reference, id: 'another', transport: { type: 'amqp', pool: 'another' } };
const fileOf = (...models: object[]): string => stringify({ version: 1, models });

describe('the catalogue of a bridge', () => {
  const file = aModelsFile(fileOf(reference, convert));
  const bridge = bridgeOfSuite({ MODELS_FILE: file.path });
  afterEach(() => jest.restoreAllMocks());

  const names = (id: string) => bridge.task.heardOf(modelOffered).flatMap((it) => (it.id === id ? [it.name] : []));
  const listed = () => bridge.task.heardOf(catalogueChanged).map(({ ids }) => ids.join(' '));

  it('is what the file says at the start', async () => {
    await eventually(() => expect(listed()).toEqual(['convert reference']));
    await eventually(() => expect([...new Set(names('convert'))]).toEqual(['Format conversion']));
  });

  it('follows the file: what is new or changed is offered, what is gone is withdrawn, and comes back', async () => {
    file.write(fileOf({ ...reference, name: 'Another name' }, another));
    await eventually(() => expect(listed().at(-1)).toBe('another reference'));
    await eventually(() => expect(names('reference')).toContain('Another name'));
    await eventually(() => expect(names('another')).toEqual(['Reference engine']));
    const before = names('convert').length;
    file.write(fileOf(convert));
    await eventually(() => expect(listed().at(-1)).toBe('convert'));
    await eventually(() => expect(names('convert').length).toBeGreaterThan(before));
  });

  it('stays as it was while the file is wrong, which is said once', async () => {
    const said = jest.spyOn(Logger.prototype, 'error');
    file.write(fileOf({ ...convert, colour: 'red' }));
    await eventually(() =>
      expect(said.mock.calls).toEqual([
        [expect.stringMatching(/^the models stay as they were: .*model "convert", colour: is not a known field$/s)],
      ]),
    );
    expect(listed().at(-1)).toBe('convert');
    file.write(fileOf(convert, another));
    await eventually(() => expect(listed().at(-1)).toBe('another convert'));
    expect(said).toHaveBeenCalledTimes(1);
  });
});
