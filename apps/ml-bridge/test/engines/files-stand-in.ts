import { type Heard, type Reply, StandInServer } from './stand-in.js';

/** Where the services keep what they made: another host, that refuses keys which are not its own, and whose addresses expire. */
export class FilesStandIn extends StandInServer {
  constructor(readonly glb: Buffer = Buffer.from('glTF, or so')) {
    super();
  }

  protected answer({ headers, query }: Heard): Reply {
    if (headers.authorization !== undefined) return { status: 400 };
    return query.get('Expires') === '1' ? { body: this.glb } : { status: 403 };
  }

  addressOf(id: string): string {
    return `${this.url}/${id}.glb?Expires=1`;
  }
}
