import { Logger } from '@nestjs/common';

// Integration tests cause failures on purpose; TEST_LOGS=1 shows what the code says about them.
if (!process.env.TEST_LOGS) Logger.overrideLogger(false);
