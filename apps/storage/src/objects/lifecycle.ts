import { temporaryPrefix } from './keys.js';

/** The name of our rule; a bucket may have others. */
const ruleId = 'lathe-temporary';

/** What the store is asked to see to by itself, should our sweeper not run: temporary objects and unfinished uploads live a day. */
export const temporaryRule = {
  ID: ruleId,
  Status: 'Enabled',
  Filter: { Prefix: temporaryPrefix },
  Expiration: { Days: 1 },
  AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
};

/** Whether a lifecycle configuration, with one rule or several, has ours. */
export function hasTemporaryRule(configuration: { Rule?: unknown } | null): boolean {
  return [configuration?.Rule ?? []].flat().some((rule) => (rule as { ID?: unknown }).ID === ruleId);
}
