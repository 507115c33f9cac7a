import { Param, type PipeTransform } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { isUUID } from 'class-validator';
import { Problem } from '#contracts';

const existing: PipeTransform = {
  transform: (id: unknown) => {
    if (!isUUID(id)) throw new Problem('not_found');
    return id;
  },
};

/** An id in the path. What is no id names nothing, so it is a 404 like any other missing thing. */
export const PathId =
  (name: string): ParameterDecorator =>
  (target, method, index) => {
    Param(name, existing)(target, method, index);
    ApiParam({ name, schema: { type: 'string', format: 'uuid' } })(target, method!, descriptorOf(target, method!));
  };

const descriptorOf = (target: object, method: string | symbol): PropertyDescriptor =>
  Object.getOwnPropertyDescriptor(target, method)!;
