import { ApiProperty } from '@nestjs/swagger';
import { AccountView } from '#contracts';

/** A pair of tokens as a client gets it (RFC 6749 §5.1). */
export class TokensView {
  @ApiProperty({ description: 'A short-lived JWT, for the Authorization header' }) access_token: string;
  @ApiProperty({ required: false, description: 'Good for one use. Left out with `?session=cookie`: it is the cookie' })
  refresh_token?: string;
  @ApiProperty({ enum: ['Bearer'] }) token_type: 'Bearer';
  @ApiProperty({ type: 'integer', minimum: 1, description: 'Seconds until the access token expires' })
  expires_in: number;
}

export class RegistrationView extends TokensView {
  @ApiProperty({ type: AccountView }) user: AccountView;
}
