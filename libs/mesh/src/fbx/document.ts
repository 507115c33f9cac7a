import type { UpAxis } from '../scene/arrange.js';
import type { FbxObjects } from './objects.js';
import {
  doubleProperty,
  enumProperty,
  intProperty,
  objectProperty,
  properties,
  textProperty,
} from './format/properties.js';
import { block, type FbxRecord, int, leaf, long, raw, text } from './format/record.js';
import { templates } from './format/templates.js';

/** FileId and CreationTime belong together: the SDK checks one against the other. This is the pair of the epoch. */
const fileId = Buffer.from('28b32aebb624ccc2bfc8b02aa92bfcf1', 'hex');
const creationTime = '1970-01-01 10:00:00:000';

/** What the head of a file says. */
export interface FbxFrame {
  creator: string;
  upAxis: UpAxis;
}

/** Everything around the objects: header, axes and units, definitions, connections. */
export function fbxDocument(objects: FbxObjects, { creator, upAxis }: FbxFrame): FbxRecord[] {
  const document = objects.nextId();
  return [
    block(
      'FBXHeaderExtension',
      [],
      [
        leaf('FBXHeaderVersion', int(1003)),
        leaf('FBXVersion', int(7400)),
        leaf('EncryptionType', int(0)),
        timeStamp(),
        leaf('Creator', text(creator)),
      ],
    ),
    leaf('FileId', raw(fileId)),
    leaf('CreationTime', text(creationTime)),
    leaf('Creator', text(creator)),
    globalSettings(upAxis),
    block(
      'Documents',
      [],
      [
        leaf('Count', int(1)),
        block(
          'Document',
          [long(document), text('Scene'), text('Scene')],
          [
            properties(objectProperty('SourceObject'), textProperty('ActiveAnimStackName', '')),
            leaf('RootNode', long(0)),
          ],
        ),
      ],
    ),
    block('References', [], []),
    definitions(objects.counts),
    block('Objects', [], objects.records),
    block('Connections', [], objects.connections),
    block('Takes', [], [leaf('Current', text(''))]),
  ];
}

function timeStamp(): FbxRecord {
  const parts = { Version: 1000, Year: 1970, Month: 1, Day: 1, Hour: 10, Minute: 0, Second: 0, Millisecond: 0 };
  return block(
    'CreationTimeStamp',
    [],
    Object.entries(parts).map(([name, value]) => leaf(name, int(value))),
  );
}

/**
 * X to the right; the front towards the viewer is +Z when Y is up and −Y when Z is up, the `MayaYUp` and `MayaZUp` of the
 * FBX SDK. One unit is a centimetre.
 */
function globalSettings(upAxis: UpAxis): FbxRecord {
  const [up, front, frontSign] = upAxis === 'y' ? ([1, 2, 1] as const) : ([2, 1, -1] as const);
  return block(
    'GlobalSettings',
    [],
    [
      leaf('Version', int(1000)),
      properties(
        intProperty('UpAxis', up),
        intProperty('UpAxisSign', 1),
        intProperty('FrontAxis', front),
        intProperty('FrontAxisSign', frontSign),
        intProperty('CoordAxis', 0),
        intProperty('CoordAxisSign', 1),
        intProperty('OriginalUpAxis', up),
        intProperty('OriginalUpAxisSign', 1),
        doubleProperty('UnitScaleFactor', 1),
        doubleProperty('OriginalUnitScaleFactor', 1),
        enumProperty('TimeMode', 11),
      ),
    ],
  );
}

function definitions(counts: ReadonlyMap<string, number>): FbxRecord {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 1);
  const types = [...counts].map(([type, count]) => {
    const { fbxClass, defaults } = templates[type]!;
    const template = block('PropertyTemplate', [text(fbxClass)], [properties(...defaults)]);
    return block('ObjectType', [text(type)], [leaf('Count', int(count)), template]);
  });
  return block(
    'Definitions',
    [],
    [
      leaf('Version', int(100)),
      leaf('Count', int(total)),
      block('ObjectType', [text('GlobalSettings')], [leaf('Count', int(1))]),
      ...types,
    ],
  );
}
