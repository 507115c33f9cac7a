import type { Document } from '@gltf-transform/core';
import type { Back } from '../inflation/texture.js';

/** What the engine is asked for: pictures or, without any, a prompt. */
export interface GenerationRequest {
  prompt?: string;
  /** Things named here are not chosen. */
  negativePrompt?: string;
  images: { bytes: Uint8Array; view: 'front' | 'left' | 'back' | 'right' }[];
  params: {
    /** Whole. Varies proportions, placement and shades a little; the same request gives the same bytes. */
    seed: number;
    /** Not this part's business: the finished model is reduced to it. */
    target_polycount?: number;
    texture: boolean;
    /** The larger side of any texture is at most this, in pixels. */
    texture_resolution: number;
    /** Cells along the larger side of an inflated picture, 64 to 512. */
    geometry_resolution: number;
    remove_background: boolean;
    model_params: {
      /** Thickness of an inflated picture against a ball's, 0.1 to 1.5. */
      depth?: number;
      back?: Exclude<Back, object>;
    };
  };
}

/** Where a model came from, told to whoever gets it. */
export interface Provenance {
  engine: 'reference';
  method: 'picture' | 'shape' | 'emoji' | 'lettering';
  /** What was recognised, and with which looks. */
  matched: string;
  /** How likely the result is what was meant, 0 to 1. */
  confidence: number;
}

/** A model, standing on y = 0, Y up, facing +Z, at most a metre along its larger side. */
export interface Generated {
  document: Document;
  provenance: Provenance;
}

/** Told at every real step: its name, and how much of the generation is done, 0 to 100. */
export type Report = (stage: string, percent: number) => void;
