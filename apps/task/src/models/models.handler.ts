import { Controller } from '@nestjs/common';
import {
  type CatalogueChanged,
  catalogueChanged,
  listModels,
  type ModelList,
  modelOffered,
  type OfferedModel,
} from '#contracts';
import { type Delivery, Handles, On } from '#messaging';
import { ModelsService } from './models.service.js';

@Controller()
export class ModelsHandler {
  constructor(private readonly models: ModelsService) {}

  @Handles(listModels)
  list(): Promise<ModelList> {
    return this.models.list();
  }

  @On(modelOffered)
  offered(model: OfferedModel, delivery: Delivery): Promise<void> {
    return this.models.takeIn(delivery.id, model);
  }

  @On(catalogueChanged)
  changed(catalogue: CatalogueChanged, delivery: Delivery): Promise<void> {
    return this.models.keepOnly(delivery.id, catalogue);
  }
}
