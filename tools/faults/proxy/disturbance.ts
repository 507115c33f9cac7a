/** What is wrong with a connection. Nothing, unless told. */
export interface Disturbance {
  /** Every byte arrives so much later; how many bytes are on their way does not matter. */
  latencyMs: number;
  /** In each direction of each connection; 0: as many as there are. */
  bytesPerSecond: number;
  /** Bytes vanish and nobody is told that the other end closed, as when a router has lost its table. Such a connection never heals. */
  halfOpen: boolean;
  /** New connections are reset at once. */
  refuse: boolean;
}

/** The server behind a proxy. */
export interface ProxyTarget {
  host: string;
  port: number;
}
