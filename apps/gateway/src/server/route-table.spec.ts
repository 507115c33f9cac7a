import { RouteTable } from './route-table.js';

describe('the route table', () => {
  const routes = new RouteTable();
  routes.add('POST', '/generate');
  routes.add(['GET', 'HEAD'], '/files/:file_id');
  routes.add('GET', '/.well-known/jwks.json');
  routes.add('GET', '/docs/*');
  routes.add('OPTIONS', '*');

  it.each([
    ['/generate', ['POST']],
    ['/files/1', ['GET', 'HEAD']],
    ['/.well-known/jwks.json', ['GET']],
    ['/docs/a/b.css', ['GET']],
    ['/files', []],
    ['/files/1/2', []],
    ['/awell-known/jwksxjson', []],
  ])('%s answers to %j', (path, methods) => {
    expect(routes.methodsAt(path)).toEqual(methods);
  });
});
