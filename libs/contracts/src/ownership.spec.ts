import { getMetadataStorage } from 'class-validator';
import { allContracts, type Class } from './contract.js';
import './index.js';

const owners = ['owner_id', 'account_id'];
const fieldsOf = (type: Class<unknown>): string[] => [
  ...new Set(
    getMetadataStorage()
      .getTargetValidationMetadatas(type, '', false, false)
      .map(({ propertyName }) => propertyName),
  ),
];

/** Questions about one thing: its id is among the fields. */
const aboutOneThing = allContracts().rpcs.filter(({ request }) =>
  fieldsOf(request).some((name) => name.endsWith('_id') && !owners.includes(name)),
);

describe('a question about one thing', () => {
  it('is asked of every service that has things', () => {
    expect(new Set(aboutOneThing.map(({ service }) => service))).toEqual(new Set(['auth', 'task', 'storage']));
  });

  it.each(aboutOneThing.map(({ key, request }) => [key, request] as const))(
    '%s names whose it is, so that no service can answer it for somebody else',
    (_, request) => {
      expect(fieldsOf(request).filter((name) => owners.includes(name))).toHaveLength(1);
    },
  );
});
