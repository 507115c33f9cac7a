import type { PortableImage } from '../scene/images.js';
import type { FbxObjects } from './objects.js';
import { boolProperty, enumProperty, pathProperty, properties, textProperty } from './format/properties.js';
import { block, double, int, leaf, long, objectName, raw, text } from './format/record.js';

/** The name of the one UV set, on meshes and textures alike. */
export const uvSet = 'UVMap';

/** Pictures of an FBX file: one embedded `Video` a picture, one `Texture` for every use of it. */
export class FbxTextures {
  private readonly videos = new Map<string, { id: number; file: string }>();

  constructor(
    private readonly objects: FbxObjects,
    private readonly folder: string,
  ) {}

  /** Lets a picture drive a property of a material. */
  drive(image: PortableImage, material: number, property: string): void {
    const { id: video, file } = this.video(image);
    const id = this.objects.nextId();
    const name = objectName(image.key, 'Texture');
    this.objects.add(
      block(
        'Texture',
        [long(id), name, text('')],
        [
          leaf('Type', text('TextureVideoClip')),
          leaf('Version', int(202)),
          leaf('TextureName', name),
          leaf('Media', objectName(image.key, 'Video')),
          leaf('FileName', text(file)),
          leaf('RelativeFilename', text(file)),
          leaf('ModelUVTranslation', double(0), double(0)),
          leaf('ModelUVScaling', double(1), double(1)),
          leaf('Texture_Alpha_Source', text('None')),
          leaf('Cropping', int(0), int(0), int(0), int(0)),
          properties(
            enumProperty('CurrentTextureBlendMode', 0),
            textProperty('UVSet', uvSet),
            boolProperty('UseMaterial', true),
          ),
        ],
      ),
    );
    this.objects.connect(video, id);
    this.objects.connectProperty(id, material, property);
  }

  private video({ key, extension, data }: PortableImage): { id: number; file: string } {
    const known = this.videos.get(key);
    if (known) return known;
    const video = { id: this.objects.nextId(), file: `${this.folder}/${key}.${extension}` };
    this.videos.set(key, video);
    this.objects.add(
      block(
        'Video',
        [long(video.id), objectName(key, 'Video'), text('Clip')],
        [
          leaf('Type', text('Clip')),
          properties(pathProperty('Path', video.file)),
          leaf('UseMipMap', int(0)),
          leaf('Filename', text(video.file)),
          leaf('RelativeFilename', text(video.file)),
          leaf('Content', raw(data)),
        ],
      ),
    );
    return video;
  }
}
