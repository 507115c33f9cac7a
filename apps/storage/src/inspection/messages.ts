import type { PictureType } from './sniff.js';

/** What a process is asked to look at. */
export type Order =
  | { kind: 'picture'; path: string; mediaType: PictureType; maxPixels: number; output: string }
  | { kind: 'model'; path: string };

/** A picture that was decoded from its first pixel to its last, and written anew without anything but its pixels. */
export interface CleanPicture {
  /** In pixels, turned the way the picture is to be shown. */
  width: number;
  height: number;
  /** Of the new file. */
  sizeBytes: number;
  sha256: string;
}

/** What it says: `begun` first, then how it ended. Not one of them is the uploader's fault but `refused`. */
export type Report =
  | { type: 'begun' }
  | { type: 'accepted'; picture: CleanPicture | null; rssMb: number }
  | { type: 'refused'; reason: string; members?: Record<string, unknown> }
  | { type: 'failed'; reason: string };
