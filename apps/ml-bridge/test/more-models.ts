import type { CatalogueModel } from '../src/catalogue/catalogue-model.js';
import { CatalogueService } from '../src/catalogue/catalogue.service.js';

/** The catalogue has these models besides its own, in the suite that says so. */
export function alsoWithModels(...models: CatalogueModel[]): void {
  beforeAll(() => {
    const own = Reflect.get<CatalogueService, 'all'>(CatalogueService.prototype, 'all');
    jest.spyOn(CatalogueService.prototype, 'all').mockImplementation(function (this: CatalogueService) {
      return [...own.call(this), ...models];
    });
  });
  afterAll(() => jest.restoreAllMocks());
}
