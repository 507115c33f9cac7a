import { databaseNameFor, serviceUrl } from './database.js';

describe("the database on an administrator's server", () => {
  it.each([
    ['postgres://root:x@db:5432/postgres', 'lathe'],
    ['postgres://root:x@db:5432', 'lathe'],
    ['postgres://root:x@db/', 'lathe'],
    ['postgres://root:x@db/defaultdb?sslmode=require', 'lathe'],
    ['postgres://root:x@db/models%203d', 'models 3d'],
  ])('for %s is %s', (url, name) => {
    expect(databaseNameFor(url)).toBe(name);
  });

  it("is reached by a service with its own role and the administrator's parameters", () => {
    expect(serviceUrl('postgres://root:x@db:5432/postgres?sslmode=require', 'lathe', 'lathe_auth', 'p@/s')).toBe(
      'postgres://lathe_auth:p%40%2Fs@db:5432/lathe?sslmode=require',
    );
  });
});
