import { childOf, childrenOf, leaf, parseXml, textOf } from './xml.js';

describe('an XML document', () => {
  it('is read without its namespaces, attributes and comments', () => {
    const root = parseXml(
      '<?xml version="1.0"?><!-- hi --><s3:Delete xmlns:s3="x"><s3:Quiet> true </s3:Quiet><Empty/></s3:Delete>\n',
    );
    expect(root.name).toBe('Delete');
    expect(textOf(root, 'Quiet')).toBe('true');
    expect(childOf(root, 'Empty')).toMatchObject({ text: '', children: [] });
  });

  it('keeps repeated elements in order', () => {
    const root = parseXml('<a><k>1</k><x/><k>2</k></a>');
    expect(childrenOf(root, 'k').map(({ text }) => text)).toEqual(['1', '2']);
  });

  it.each(['a & <b> "c" \'d\'', 'line\nbreak\u0001', ' spaces ', '日本 🎉', ']]>'])(
    'carries %j there and back',
    (text) => {
      expect(parseXml(leaf('Key', text)).text).toBe(text);
    },
  );

  it('reads references and CDATA', () => {
    expect(parseXml('<a>&#x65E5;&#26412;<![CDATA[<&>]]>&unknown;</a>').text).toBe('日本<&>&unknown;');
  });

  it.each([
    '',
    'text',
    '<a>',
    '</a>',
    '<a></b>',
    '<a><b></a></b>',
    '<a/><b/>',
    '<a',
    '<>x</>',
    '<a>&#x110000;</a>',
    '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
  ])('is refused when it is %j', (source) => {
    expect(() => parseXml(source)).toThrow(expect.objectContaining({ code: 'MalformedXML' }));
  });
});
