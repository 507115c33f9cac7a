/** A port on loopback behind which several servers do the same. */
export interface Frontend {
  name: string;
  port: number;
  /** `http` looks at each server's readiness and shares out requests, `tcp` shares out connections. */
  mode: 'http' | 'tcp';
  servers: readonly { name: string; port: number }[];
}

const general = `
global
  maxconn 4096
defaults
  balance roundrobin
  retries 3
  option redispatch
  timeout connect 2s
  timeout client 75s
  timeout server 75s
  timeout check 2s
`;

/** Only what was never sent is sent to another server: a request that may have been begun is its client's to repeat. */
const http = `
  mode http
  option forwardfor
  option httpchk GET /health/ready
  http-check expect status 200
  default-server inter 500ms fall 1 rise 1
`;

/** Who is connected to a server that no longer answers is told at once, and connects to another. */
const tcp = `
  mode tcp
  option tcp-check
  default-server inter 500ms fall 2 rise 1 on-marked-down shutdown-sessions
`;

/**
 * `haproxy.cfg` for 2.4 and later: round robin, no sticky sessions. Servers get half a minute and more to say something, which the
 * heartbeats of AMQP and of event streams do. https://docs.haproxy.org/2.6/configuration.html
 */
export function haproxyConf(frontends: readonly Frontend[]): string {
  return [general, ...frontends.map(listen)].join('').trimStart();
}

const listen = ({ name, port, mode, servers }: Frontend): string =>
  [
    `listen ${name}`,
    `  bind 127.0.0.1:${port}`,
    (mode === 'http' ? http : tcp).slice(1, -1),
    ...servers.map((server) => `  server ${server.name} 127.0.0.1:${server.port} check`),
    '',
  ].join('\n');
