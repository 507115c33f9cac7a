import { ApiProperty, OmitType } from '@nestjs/swagger';
import { NewTask } from '#contracts';

/** The body of POST /generate as a form: the same fields, and pictures and a mesh as files. */
export class NewTaskForm extends OmitType(NewTask, ['mesh']) {
  @ApiProperty({
    type: 'array',
    items: { type: 'string', format: 'binary' },
    maxItems: 4,
    required: false,
    description: 'Pictures; each is stored as by POST /upload and added to `images`',
  })
  image?: unknown[];
  @ApiProperty({
    type: String,
    format: 'binary',
    required: false,
    description:
      'A GLB for a model that takes a mesh, stored as by POST /upload; or JSON text that names one that is stored',
  })
  mesh?: unknown;
}
