import { type DynamicModule, Module } from '@nestjs/common';
import { PersistenceModule } from '#persistence';
import { HealthModule, TelemetryModule } from '#runtime';
import { AccountsHandler } from './accounts/accounts.handler.js';
import { AccountsRepository } from './accounts/accounts.repository.js';
import { AccountsService } from './accounts/accounts.service.js';
import { RegistrationService } from './accounts/registration.service.js';
import { AllowancesHandler } from './allowances/allowances.handler.js';
import { AllowancesRepository } from './allowances/allowances.repository.js';
import { AllowancesService } from './allowances/allowances.service.js';
import { ApiKeysHandler } from './api-keys/api-keys.handler.js';
import { ApiKeysRepository } from './api-keys/api-keys.repository.js';
import { ApiKeysService } from './api-keys/api-keys.service.js';
import { AttemptCountersRepository } from './attempts/attempt-counters.repository.js';
import { AttemptsService } from './attempts/attempts.service.js';
import { KnownNetworksRepository } from './attempts/known-networks.repository.js';
import { AuthConfig } from './auth.config.js';
import { authDatabase } from './auth.database.js';
import { ErasuresHandler } from './erasures/erasures.handler.js';
import { ErasuresRepository } from './erasures/erasures.repository.js';
import { ErasuresService } from './erasures/erasures.service.js';
import { LogInHandler } from './log-in/log-in.handler.js';
import { LogInService } from './log-in/log-in.service.js';
import { PasswordProofsService } from './log-in/password-proofs.service.js';
import { PasswordsService } from './passwords/passwords.service.js';
import { RevocationsHandler } from './revocations/revocations.handler.js';
import { RevocationsService } from './revocations/revocations.service.js';
import { AccessTokensService } from './sessions/access-tokens.service.js';
import { RefreshService } from './sessions/refresh.service.js';
import { SessionsHandler } from './sessions/sessions.handler.js';
import { SessionsRepository } from './sessions/sessions.repository.js';
import { SessionsService } from './sessions/sessions.service.js';
import { KeyRotationService } from './signing-keys/key-rotation.service.js';
import { SigningKeysHandler } from './signing-keys/signing-keys.handler.js';
import { SigningKeysRepository } from './signing-keys/signing-keys.repository.js';
import { SigningKeysService } from './signing-keys/signing-keys.service.js';
import { UpkeepService } from './upkeep/upkeep.service.js';

/** Accounts, passwords, sessions and the tokens that prove them. */
@Module({})
export class AuthModule {
  static with(config: AuthConfig): DynamicModule {
    return {
      module: AuthModule,
      imports: [
        TelemetryModule.for('auth', config),
        PersistenceModule.for({ service: 'auth', rabbitmqUrl: config.RABBITMQ_URL, database: authDatabase(config) }),
        HealthModule.forService(),
      ],
      controllers: [
        AccountsHandler,
        AllowancesHandler,
        ApiKeysHandler,
        ErasuresHandler,
        LogInHandler,
        RevocationsHandler,
        SessionsHandler,
        SigningKeysHandler,
      ],
      providers: [
        { provide: AuthConfig, useValue: config },
        AccessTokensService,
        AccountsRepository,
        AccountsService,
        AllowancesRepository,
        AllowancesService,
        ApiKeysRepository,
        ApiKeysService,
        AttemptCountersRepository,
        AttemptsService,
        ErasuresRepository,
        ErasuresService,
        KeyRotationService,
        KnownNetworksRepository,
        LogInService,
        PasswordProofsService,
        PasswordsService,
        RefreshService,
        RegistrationService,
        RevocationsService,
        SessionsRepository,
        SessionsService,
        SigningKeysRepository,
        SigningKeysService,
        UpkeepService,
      ],
    };
  }
}
