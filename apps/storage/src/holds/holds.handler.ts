import { Controller } from '@nestjs/common';
import { type FilesOfTask, type HeldFiles, type HoldFiles, holdFiles, type Nothing, releaseFiles } from '#contracts';
import { Handles } from '#messaging';
import { HoldsService } from './holds.service.js';

/** Answers for the files that tasks need. */
@Controller()
export class HoldsHandler {
  constructor(private readonly holds: HoldsService) {}

  @Handles(holdFiles)
  hold(request: HoldFiles): Promise<HeldFiles> {
    return this.holds.hold(request);
  }

  @Handles(releaseFiles)
  release(request: FilesOfTask): Promise<Nothing> {
    return this.holds.release(request);
  }
}
