import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { placesFor } from './places.js';

describe('where dead letters are looked for', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'lathe-dead-'));
  const nothing = { DATA_DIR: path.join(folder, 'nothing') };

  afterAll(() => rmSync(folder, { recursive: true }));

  it('is every queue of the broker that was said, or the one that was named', () => {
    expect(placesFor({ url: 'amqp://x/y', queue: undefined }, nothing)).toHaveLength(5);
    expect(placesFor({ url: 'amqp://x/y', queue: 'q' }, nothing)).toEqual([{ url: 'amqp://x/y', queue: 'q' }]);
  });

  it('is what the settings of the bridge say, in both its virtual hosts', () => {
    const env = { ...nothing, RABBITMQ_URL: 'amqp://x/lathe', ML_RABBITMQ_URL: 'amqp://x/ml' };
    const places = placesFor({ url: undefined, queue: undefined }, env);
    expect(places).toContainEqual({ url: 'amqp://x/lathe', queue: 'ml-bridge.events.dead' });
    expect(places.filter(({ queue }) => queue === 'ml.dead')).toEqual([{ url: 'amqp://x/ml', queue: 'ml.dead' }]);
  });

  it('is what runs here, each queue as its own service', () => {
    const secrets = { 'broker/task': 'secret', 'broker/ml-bridge': 'other' };
    writeFileSync(path.join(folder, 'stack.json'), JSON.stringify({ ports: { amqp: 5 }, secrets }));
    const [place] = placesFor({ url: undefined, queue: 'task.events.dead' }, { DATA_DIR: folder });
    expect(place).toEqual({ url: 'amqp://task:secret@127.0.0.1:5/lathe', queue: 'task.events.dead' });
    const [ofWorkers] = placesFor({ url: undefined, queue: 'ml.dead' }, { DATA_DIR: folder });
    expect(ofWorkers?.url).toBe('amqp://ml-bridge:other@127.0.0.1:5/ml');
  });

  it('is nowhere when nothing says it', () => {
    expect(() => placesFor({ url: undefined, queue: undefined }, nothing)).toThrow('Nothing runs here');
  });
});
