import type { Dashboard } from '../dashboard.js';
import { engine } from './engine.js';
import { generation } from './generation.js';
import { overview } from './overview.js';
import { services } from './services.js';

/** Every dashboard of deploy/observability/grafana. */
export const dashboards: readonly Dashboard[] = [overview, generation, services, engine];
