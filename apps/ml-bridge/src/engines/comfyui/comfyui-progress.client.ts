import { Agent, WebSocket } from 'undici';
import type { ServerSettings } from '../../catalogue/catalogue-model.js';
import { type NodesDone, nodesDone } from './comfyui-answers.js';

/** Pictures of what it is at come as well, and are thrown away. */
const mostMessageBytes = 8 * 1024 ** 2;
const mostFailures = 5;

const agent = new Agent({ connect: { timeout: 5000 }, webSocket: { maxPayloadSize: mostMessageBytes } });

/**
 * How far a run is, which ComfyUI tells over a WebSocket to whoever listens under the name that the run was sent with. A run gets along
 * without it: a connection that is lost is opened again, and some are lost before that is given up.
 */
export class ComfyuiProgress {
  private readonly done = new Map<string, number>();
  private readonly totalWeight: number;
  private socket: WebSocket | null = null;
  private failures = 0;

  constructor(
    private readonly server: Pick<ServerSettings, 'url' | 'apiKey'>,
    private readonly id: string,
    private readonly weights: ReadonlyMap<string, number>,
  ) {
    this.totalWeight = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  }

  /** Between 0 and 1 by the weights of the nodes; undefined while nothing was heard of any. Never less than before. */
  get fraction(): number | undefined {
    if (this.done.size === 0) return undefined;
    const weighed = [...this.done].map(([node, share]) => share * (this.weights.get(node) ?? 0));
    return Math.min(weighed.reduce((sum, part) => sum + part, 0) / this.totalWeight, 1);
  }

  /** Listens, if it does not already. */
  listen(): void {
    if (this.socket || this.failures >= mostFailures) return;
    const { url, apiKey } = this.server;
    const address = `${url.replace(/^http/, 'ws').replace(/\/+$/, '')}/ws?clientId=${this.id}`;
    const headers: Record<string, string> = apiKey ? { authorization: `Bearer ${apiKey}` } : {};
    const socket = new WebSocket(address, { headers, dispatcher: agent });
    this.socket = socket;
    socket.addEventListener('open', () => (this.failures = 0));
    socket.addEventListener('message', ({ data }) => this.take(data));
    socket.addEventListener('error', () => undefined); // it is closed then as well
    socket.addEventListener('close', () => {
      this.failures++;
      if (this.socket === socket) this.socket = null;
    });
  }

  close(): void {
    this.failures = mostFailures;
    this.socket?.close();
  }

  private take(data: unknown): void {
    const heard: NodesDone = typeof data === 'string' ? nodesDone(data, this.id) : {};
    for (const [node, share] of Object.entries(heard)) {
      this.done.set(node, Math.max(this.done.get(node) ?? 0, share));
    }
  }
}
