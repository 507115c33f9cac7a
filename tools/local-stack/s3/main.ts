import { parseArgs } from 'node:util';
import { S3Server } from './server.js';

const usage = 'main.js --dir DIR [--port N] [--host ADDRESS] [--cors-origin ORIGIN]… [--power-safe]';

/** Runs the store until it is told to stop; its keys come from S3_ACCESS_KEY and S3_SECRET_KEY. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      dir: { type: 'string' },
      port: { type: 'string', default: '0' },
      host: { type: 'string', default: '127.0.0.1' },
      'cors-origin': { type: 'string', multiple: true },
      'power-safe': { type: 'boolean', default: false },
    },
  });
  if (!values.dir || !/^\d{1,5}$/.test(values.port)) throw new Error(`Usage: ${usage}`);
  const server = await S3Server.open({
    dir: values.dir,
    accessKey: process.env.S3_ACCESS_KEY ?? '',
    secretKey: process.env.S3_SECRET_KEY ?? '',
    corsOrigins: values['cors-origin'],
    powerSafe: values['power-safe'],
  });
  const port = await server.listen(Number(values.port), values.host);
  console.log(`S3 store listening on http://${values.host}:${port}`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void server.close().then(() => process.exit(0)));
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
