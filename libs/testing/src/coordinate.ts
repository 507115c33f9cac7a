/** Where a server of the throw-away stack is; jest's globalSetup publishes it. */
export function coordinate(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the tests with "npm test", which starts the servers they need`);
  return value;
}
