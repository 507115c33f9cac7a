/** A JSON Schema (2020-12) of the `options` of an engine in models.yaml; its defaults are filled in. */
export interface OptionsSchema {
  type: 'object';
  additionalProperties: false;
  properties: Record<string, object>;
  required?: string[];
}

/** Where files may be fetched from that a server names, besides the server itself. */
export const downloadOrigins = {
  type: 'array',
  items: { type: 'string', pattern: String.raw`^https?://(\*\.)?[A-Za-z0-9.-]+(:[0-9]+)?$` },
  maxItems: 20,
  default: [],
  description: 'Origins, as https://files.example.com or https://*.example.com, that results are fetched from',
};
