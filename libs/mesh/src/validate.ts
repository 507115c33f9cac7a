import { validateBytes } from 'gltf-validator';
import { refuseAs } from './error.js';

/** What the Khronos glTF validator says about a file. */
export interface Validation {
  errors: number;
  warnings: number;
  /** Errors and warnings, at most 100. */
  messages: ValidationMessage[];
}

export interface ValidationMessage {
  /** The validator's own code, such as `ACCESSOR_MIN_MISMATCH`. */
  code: string;
  message: string;
  /** JSON pointer into the glTF; empty when the container itself is meant. */
  pointer: string;
}

const maxMessages = 100;
const severities = { error: 0, warning: 1 };

/**
 * Checks a GLB against the glTF 2.0 specification. Bytes that are no GLB at all come back as an error, too. Nothing
 * outside the bytes is read. Compressed geometry (Draco, meshopt) is not looked into: validate before compressing.
 */
export async function validateGlb(bytes: Uint8Array): Promise<Validation> {
  const { issues } = await refuseAs('invalid_glb', 'The GLB cannot be validated', () =>
    validateBytes(new Uint8Array(bytes), {
      format: 'glb',
      maxIssues: 0,
      writeTimestamp: false,
      externalResourceFunction: async (uri) => {
        throw new Error(`${uri} is outside the file`);
      },
    }),
  );
  const messages = issues.messages
    .filter(({ severity }) => severity <= severities.warning)
    .toSorted((a, b) => a.severity - b.severity)
    .slice(0, maxMessages)
    .map(({ code, message, pointer = '' }) => ({ code, message, pointer }));
  return { errors: issues.numErrors, warnings: issues.numWarnings, messages };
}
