import path from 'node:path';
import type { Installation } from './rabbitmq-installation.js';

export interface BrokerPorts {
  amqp: number;
  /** Between Erlang nodes; one that is alone insists on a port too. */
  distribution: number;
  epmd: number;
  management?: number | undefined;
}

/** Where the broker listens and what it reads, as its own `rabbitmq.conf` says it. */
export interface BrokerSettings {
  listener: string;
  definitionsFile: string;
  management?: { ip: string; port: number } | undefined;
  /** The Erlang name of a node whose cluster it becomes part of at its first start. */
  joins?: string | undefined;
}

/**
 * `rabbitmq.conf` for 3.10 to 4.x. No default user: everybody comes from the definitions. Messages are capped at 16 MiB everywhere,
 * as 4.x does by itself. https://www.rabbitmq.com/docs/configure
 */
export function rabbitmqConf({ listener, definitionsFile, management, joins }: BrokerSettings): string {
  const lines = [
    `listeners.tcp.default = ${listener}`, // the name an image may use for its own: the same listener, not a second one,
    'listeners.ssl = none',
    `load_definitions = ${definitionsFile}`,
    'loopback_users = none',
    'disk_free_limit.absolute = 200MB',
    'vm_memory_high_watermark.absolute = 512MB',
    'raft.wal_max_size_bytes = 33554432', // quorum queues keep what is in this log in memory: 512 MiB of it would block publishers
    'max_message_size = 16777216',
    'consumer_timeout = 1800000',
    'heartbeat = 30',
    'log.console = true',
    'log.console.level = warning',
    'log.file = false',
  ];
  if (joins) {
    lines.push('cluster_formation.peer_discovery_backend = classic_config');
    lines.push(`cluster_formation.classic_config.nodes.1 = ${joins}`, 'cluster_partition_handling = pause_minority');
  }
  if (management) lines.push(`management.tcp.ip = ${management.ip}`, `management.tcp.port = ${management.port}`);
  return `${lines.join('\n')}\n`;
}

export const enabledPlugins = (management: boolean): string => (management ? '[rabbitmq_management].\n' : '[].\n');

/** Erlang's resolver: "localhost" has to be found, whatever /etc/hosts and DNS say. */
export const erlangResolver = '{host, {127,0,0,1}, ["localhost"]}.\n{lookup, [file, native]}.\n';

/** An `erl` that knows where it was unpacked: Debian's own has its place written into it. */
export const erlangStarter = ({ root, runtime }: { root: string; runtime: string }): string =>
  [
    '#!/bin/sh',
    `ROOTDIR='${root}' BINDIR='${runtime}/bin' EMU=beam PROGNAME=erl`,
    'export ROOTDIR BINDIR EMU PROGNAME',
    'exec "$BINDIR/erlexec" "$@"',
    '',
  ].join('\n');

/** The environment of a private node: everything it would look for in /etc and /var is named, and it listens on loopback only. */
export function brokerEnvironment(
  installation: Installation,
  folder: string,
  logFolder: string,
  ports: BrokerPorts,
  nodeName = 'lathe@localhost',
): Record<string, string> {
  const at = (name: string): string => path.join(folder, name);
  const { erlang, epmd, libraries } = installation;
  const programs = [at('bin'), path.dirname(epmd), '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
  return {
    PATH: programs.join(':'),
    HOME: at('home'),
    LANG: 'C.UTF-8',
    LC_ALL: 'C.UTF-8',
    ...(erlang && libraries.length > 0 ? { LD_LIBRARY_PATH: libraries.join(':') } : {}),
    ERL_EPMD_PORT: String(ports.epmd),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_INETRC: at('inetrc'),
    ERL_CRASH_DUMP_SECONDS: '0',
    RABBITMQ_NODENAME: nodeName,
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: String(ports.amqp),
    RABBITMQ_DIST_PORT: String(ports.distribution),
    RABBITMQ_BASE: folder,
    RABBITMQ_MNESIA_BASE: at('data'),
    RABBITMQ_LOG_BASE: logFolder,
    RABBITMQ_LOGS: '-',
    RABBITMQ_ENABLED_PLUGINS_FILE: at('enabled_plugins'),
    RABBITMQ_CONFIG_FILE: at('rabbitmq'), // without ".conf"
    RABBITMQ_ADVANCED_CONFIG_FILE: at('advanced.config'),
    RABBITMQ_CONF_ENV_FILE: at('env.conf'), // empty: else /etc/rabbitmq/rabbitmq-env.conf is read
    RABBITMQ_FEATURE_FLAGS_FILE: at('feature_flags'),
    RABBITMQ_GENERATED_CONFIG_DIR: at('config'),
    RABBITMQ_SCHEMA_DIR: at('schema'),
    RABBITMQ_SERVER_ERL_ARGS: '+P 65536 +t 1048576 +stbt u +zdbbl 32000 +sbwt none +sbwtdcpu none +sbwtdio none',
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
    RUNNING_UNDER_SYSTEMD: 'true', // the script then becomes the server instead of starting it: one process, one signal
  };
}
