import { Injectable } from '@nestjs/common';
import { Problem } from '#contracts';
import { catalogue } from './catalogue.js';
import type { CatalogueModel } from './catalogue-model.js';

/** The models of this deployment as they are now. */
@Injectable()
export class CatalogueService {
  all(): readonly CatalogueModel[] {
    return catalogue;
  }

  find(id: string | null): CatalogueModel | undefined {
    return this.all().find(({ offer }) => offer.id === id);
  }

  /** Throws `model_not_found` when there is no such model any more. */
  require(id: string): CatalogueModel {
    const model = this.find(id);
    if (!model) throw new Problem('model_not_found', `There is no model "${id}" any more`);
    return model;
  }
}
