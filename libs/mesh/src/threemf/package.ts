import type { ZipFile } from '../zip/zip.js';
import type { Picture } from './pictures.js';

/** 3MF Core §2.1: where the root relationship leads. */
const modelPart = '3D/3dmodel.model';
const xmlHead = '<?xml version="1.0" encoding="UTF-8"?>\n';
const relationshipsNamespace = 'http://schemas.openxmlformats.org/package/2006/relationships';
const contentTypesNamespace = 'http://schemas.openxmlformats.org/package/2006/content-types';
const modelRelationship = 'http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel';
const textureRelationship = 'http://schemas.microsoft.com/3dmanufacturing/2013/01/3dtexture';
const contentTypes = {
  rels: 'application/vnd.openxmlformats-package.relationships+xml',
  model: 'application/vnd.ms-package.3dmanufacturing-3dmodel+xml',
  png: 'image/png',
  jpg: 'image/jpeg',
};

/** Numbers pack well already at this level; 6 would save a tenth for three times the time. */
const textLevel = 2;

/** The parts of the package around a model (ECMA-376-2, Open Packaging Conventions), in the order readers want them. */
export function packageOf(model: Uint8Array, pictures: Picture[]): ZipFile[] {
  const text = (name: string, content: string): ZipFile => ({
    name,
    data: Buffer.from(xmlHead + content),
    deflate: textLevel,
  });
  const defaults = Object.entries(contentTypes).map(
    ([extension, type]) => `<Default Extension="${extension}" ContentType="${type}"/>`,
  );
  const files = [
    text('[Content_Types].xml', `<Types xmlns="${contentTypesNamespace}">${defaults.join('')}</Types>`),
    text('_rels/.rels', relationships([{ target: modelPart, type: modelRelationship }])),
    { name: modelPart, data: model, deflate: textLevel },
  ];
  if (pictures.length === 0) return files;
  const textures = pictures.map(({ path }) => ({ target: path, type: textureRelationship }));
  files.push(text('3D/_rels/3dmodel.model.rels', relationships(textures)));
  return [...files, ...pictures.map(({ path, data }) => ({ name: path, data }))];
}

function relationships(list: { target: string; type: string }[]): string {
  const entries = list.map(({ target, type }, k) => `<Relationship Target="/${target}" Id="rel${k}" Type="${type}"/>`);
  return `<Relationships xmlns="${relationshipsNamespace}">${entries.join('')}</Relationships>`;
}
