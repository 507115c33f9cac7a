/** What a model's entry says about its licence. */
export const licenseSchema = {
  type: 'object',
  description: 'The licence of the model, or the terms of whoever runs it',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 100, description: 'An SPDX identifier, or what it is called' },
    url: { type: 'string', pattern: '^https?://', maxLength: 4096, description: 'Where its text is' },
    territory: {
      type: 'string',
      minLength: 1,
      maxLength: 300,
      description: 'Where it is valid, in words; left out: everywhere',
    },
    commercial_use: { type: 'boolean', description: 'Whether it allows commercial use of what the model makes' },
    must_be_accepted: {
      type: 'boolean',
      default: false,
      description: 'On: the model is not offered until `accepted` is true',
    },
    accepted: {
      type: 'boolean',
      default: false,
      description: 'Set by the operator, who has read the licence and keeps to it',
    },
  },
};
