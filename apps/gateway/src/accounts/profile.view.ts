import { ApiProperty } from '@nestjs/swagger';
import { AccountView } from '#contracts';

export class LimitsView {
  @ApiProperty({ type: 'integer', description: 'How many tasks may wait at once' })
  max_queued_tasks: number;
  @ApiProperty({ type: 'integer', description: 'The longest file POST /upload takes' }) upload_max_bytes: number;
  @ApiProperty({ type: 'integer', description: 'How many files the account may keep; results are never refused' })
  max_files: number;
  @ApiProperty({ type: 'integer', description: 'How many bytes they may have together' }) max_bytes: number;
}

export class UsageView {
  @ApiProperty({ type: 'integer', description: 'Tasks that wait' }) queued: number;
  @ApiProperty({ type: 'integer', description: 'Tasks that run' }) running: number;
  @ApiProperty({ type: 'integer' }) files: number;
  @ApiProperty({ type: 'integer', description: 'The sum of the sizes of the files' }) bytes: number;
}

/** An account with what it may use and what it uses now. */
export class ProfileView extends AccountView {
  @ApiProperty({ type: LimitsView }) limits: LimitsView;
  @ApiProperty({ type: UsageView }) usage: UsageView;
}
