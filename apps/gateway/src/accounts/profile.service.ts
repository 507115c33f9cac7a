import { Injectable } from '@nestjs/common';
import { countFiles, countTasks, findAccount } from '#contracts';
import { RpcClient } from '#messaging';
import { GatewayConfig } from '../gateway.config.js';
import type { ProfileView } from './profile.view.js';

/** Puts an account together with what the other services know about it. */
@Injectable()
export class ProfileService {
  constructor(
    private readonly rpc: RpcClient,
    private readonly config: GatewayConfig,
  ) {}

  async read(account_id: string): Promise<ProfileView> {
    const [account, { max_queued, queued, running }, { files, bytes, max_files, max_bytes }] = await Promise.all([
      this.rpc.call(findAccount, { account_id }),
      this.rpc.call(countTasks, { account_id }),
      this.rpc.call(countFiles, { account_id }),
    ]);
    return {
      ...account,
      limits: { max_queued_tasks: max_queued, upload_max_bytes: this.config.UPLOAD_MAX_BYTES, max_files, max_bytes },
      usage: { queued, running, files, bytes },
    };
  }
}
