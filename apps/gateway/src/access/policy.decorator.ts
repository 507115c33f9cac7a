import { SetMetadata } from '@nestjs/common';

export const isPublic = 'lathe:public';

/** Opens a route, or a whole controller, to callers without a token. Everything else is closed. */
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(isPublic, true);
