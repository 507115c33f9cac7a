import { BrokerConfig, ProcessConfig, ServiceConfig } from '#runtime';
import { AuthConfig } from '../../apps/auth/src/auth.config.js';
import { EngineConfig } from '../../apps/engine/src/engine.config.js';
import { GatewayConfig } from '../../apps/gateway/src/gateway.config.js';
import { MlBridgeConfig } from '../../apps/ml-bridge/src/ml-bridge.config.js';
import { StorageConfig } from '../../apps/storage/src/storage.config.js';
import { TaskConfig } from '../../apps/task/src/task.config.js';
import { type LauncherSetting, provisionSettings, stackSettings } from './launcher-settings.js';
import { code, generatedPage, table } from './markdown.js';
import { settingsOf, type SettingsClass } from './settings.js';

interface Section extends SettingsClass {
  title: string;
}

const shared = 'libs/runtime/src/service.config.ts';

/** Every class of settings, those of all processes first. */
export const settingsSections: readonly Section[] = [
  { title: 'Every process', type: ProcessConfig, file: shared },
  { title: 'gateway, auth, task, storage, ml-bridge', type: BrokerConfig, file: shared },
  { title: 'auth, task, storage, ml-bridge', type: ServiceConfig, file: shared },
  { title: 'gateway', type: GatewayConfig, file: 'apps/gateway/src/gateway.config.ts' },
  { title: 'auth', type: AuthConfig, file: 'apps/auth/src/auth.config.ts' },
  { title: 'task', type: TaskConfig, file: 'apps/task/src/task.config.ts' },
  { title: 'storage', type: StorageConfig, file: 'apps/storage/src/storage.config.ts' },
  { title: 'ml-bridge', type: MlBridgeConfig, file: 'apps/ml-bridge/src/ml-bridge.config.ts' },
  { title: 'engine', type: EngineConfig, file: 'apps/engine/src/engine.config.ts' },
];

/** docs/configuration.md: every setting of every process and of the tools that start them. */
export function configurationPage(): string {
  return generatedPage(
    '# Configuration',
    'Every setting is an environment variable, read once when a process starts. A missing or wrong one stops the process and is named\n' +
      'on the terminal; its value is never printed. `NAME_FILE` names a file that holds the value of `NAME`, as mounted secrets do.\n' +
      'With `NODE_ENV=production`, as in the image and under `npm start`, no process starts with a secret that everybody knows.',
    '## On your machine',
    '`npm start` and `npm run demo` start everything and give every process its own addresses and secrets. They read these themselves and\n' +
      'pass every other setting of this page on to the processes it belongs to: `LOG_LEVEL=debug npm start`.',
    launcherTable(stackSettings),
    '## Of each process',
    'In a deployment each process is given its own. A process ignores the settings of others.',
    ...settingsSections.flatMap((section) => [`### ${section.title}`, settingsTable(section)]),
    '## Preparing servers',
    '`node dist/tools/provision/main.js` makes the database roles and schemas and the virtual hosts and users of the broker, once before\n' +
      'the first start. Running it again changes nothing but passwords.',
    launcherTable(provisionSettings),
  );
}

const launcherTable = (settings: readonly LauncherSetting[]): string =>
  table(
    ['Name', 'Default', 'Meaning'],
    settings.map(({ name, byDefault, meaning }) => [code(name), byDefault, meaning]),
  );

const settingsTable = (section: SettingsClass): string =>
  table(
    ['Name', 'Default', 'Allowed', 'Meaning'],
    settingsOf(section).map(({ name, byDefault, allowed, meaning }) => [
      code(name),
      byDefault ?? '**required**',
      allowed,
      meaning,
    ]),
  );
