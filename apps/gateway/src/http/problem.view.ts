import { ApiProperty } from '@nestjs/swagger';
import { problems } from '#contracts';

/** One wrong place in a request. */
export class FieldErrorView {
  @ApiProperty({ description: 'Where, as a JSON pointer (RFC 6901) into the body', example: '/params/seed' })
  pointer: string;
  @ApiProperty() message: string;
}

/** A refusal (RFC 9457): every answer of 400 and above is one. */
export class ProblemView {
  @ApiProperty({ example: '/problems/invalid_parameters' }) type: string;
  @ApiProperty({ description: 'The same for every problem of this code' }) title: string;
  @ApiProperty({ type: 'integer' }) status: number;
  @ApiProperty({ description: 'What went wrong this time' }) detail: string;
  @ApiProperty({ enum: Object.keys(problems), enumName: 'ProblemCode', description: 'Stable: switch on this' })
  code: string;
  @ApiProperty({ description: 'The X-Request-Id of this answer' }) request_id: string;
  @ApiProperty({ type: [FieldErrorView], required: false, description: 'Every wrong place of a 422' })
  errors?: FieldErrorView[];
}
