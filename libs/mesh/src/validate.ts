import { validateBytes } from 'gltf-validator';
import { refuseAs } from './error.js';

/** What the Khronos glTF validator says about a file; it stops at 2,000 issues, of which hints are some. */
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
/** Issues after which the validator stops looking: some faults are reported for every pair of elements. */
const mostIssues = 2_000;
const severities = { error: 0, warning: 1 };

/**
 * Checks a GLB against the glTF 2.0 specification. Bytes that are no GLB at all come back as an error, too. Nothing
 * outside the bytes is read. Compressed geometry (Draco, meshopt) is not looked into: validate before compressing.
 *
 * It blocks its thread for up to a second per 10 MiB, and a stranger's 300 bytes can make it compute for minutes or end
 * the process: give it only what passed `precheckGlb`, and what is larger than `inlineGlbBytes` in a process of its own.
 */
export async function validateGlb(bytes: Uint8Array): Promise<Validation> {
  const { issues } = await refuseAs('invalid_glb', 'The GLB cannot be validated', () =>
    validateBytes(new Uint8Array(bytes), {
      format: 'glb',
      maxIssues: mostIssues,
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
