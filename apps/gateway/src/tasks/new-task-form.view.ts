import { ApiProperty } from '@nestjs/swagger';
import { NewTask } from '#contracts';

/** The body of POST /generate as a form: the same fields, and pictures as files. */
export class NewTaskForm extends NewTask {
  @ApiProperty({
    type: 'array',
    items: { type: 'string', format: 'binary' },
    maxItems: 4,
    required: false,
    description: 'Pictures; each is stored as by POST /upload and added to `images`',
  })
  image?: unknown[];
}
