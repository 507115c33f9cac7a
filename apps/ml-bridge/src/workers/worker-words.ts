import { unusablePlace } from '#messaging';
import type { ArtifactReport } from '#worker-contract';
import type { AttemptEvent } from '../generations/attempt-failure.js';

/**
 * An event in words that the rest of the system takes. A worker's error message comes from anywhere (colours of a terminal, bytes of
 * a broken file), and must not keep its attempt from ending.
 */
export function fitToShow({ stage, error, ...event }: AttemptEvent): AttemptEvent {
  const shownStage = plain(stage ?? '');
  return {
    ...event,
    ...(shownStage ? { stage: shownStage } : {}),
    ...(error ? { error: { ...error, message: plain(error.message) || error.code } } : {}),
  };
}

/** Without the control characters and the broken Unicode that a contract's texts may not have. */
const plain = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, ' ')
    .trim();

const maxReportLength = 65_536;

/** The measurements a worker sends with the GLB, or where there is none with another model: the quality report of the task. */
export function reportOf(artifacts: ArtifactReport[]): Record<string, unknown> | null {
  const models = artifacts.filter(({ format, meta }) => meta && format !== 'png');
  return (models.find(({ format }) => format === 'glb') ?? models[0])?.meta ?? null;
}

/** Why a report cannot be announced and kept, or null when it can. */
export function faultOfReport(report: Record<string, unknown> | null): string | null {
  const place = unusablePlace(report, '', 1);
  if (place) return `meta${place.pointer.slice(0, 100)} ${place.message}`;
  return JSON.stringify(report).length > maxReportLength ? `meta is longer than ${maxReportLength} characters` : null;
}
