/** The environment variable of a service's password: `ml-bridge` and `DATABASE_PASSWORD` give `ML_BRIDGE_DATABASE_PASSWORD`. */
export const passwordVariable = (service: string, kind: string): string =>
  `${service.replaceAll('-', '_').toUpperCase()}_${kind}`;

/** A password for every service, from variables such as `AUTH_DATABASE_PASSWORD`. Throws with the names of those that are missing. */
export function passwordsFrom<Service extends string>(
  env: NodeJS.ProcessEnv,
  services: readonly Service[],
  kind: 'DATABASE_PASSWORD' | 'RABBITMQ_PASSWORD',
): Record<Service, string> {
  const missing = services.map((service) => passwordVariable(service, kind)).filter((name) => !env[name]);
  if (missing.length > 0) throw new Error(`Missing passwords in the environment: ${missing.join(', ')}`);
  const entries = services.map((service) => [service, env[passwordVariable(service, kind)]]);
  return Object.fromEntries(entries) as Record<Service, string>;
}
