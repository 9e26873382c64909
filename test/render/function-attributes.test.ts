import { describe, expect, test } from 'vitest';
import { flameSvg } from '../../src/render/flame-svg.ts';
import { readFunctionAttributes } from '../../src/render/function-attributes.ts';
import { profileOf } from '../profile/profile-of.ts';
import { checkXml } from './xml-check.ts';

describe('function attributes', () => {
  test('a name, then pairs between tabs; quotes may stand around values', () => {
    const { attributes, refused } = readFunctionAttributes(
      'main\ttitle=The start\tclass="hot path"\tg_extra=data-owner="net team" rel=x\n\nparse\thref=https://example.org/?a=b\ttarget=_blank\n',
    );
    expect([...attributes]).toEqual([
      [
        'main',
        {
          title: 'The start',
          others: [
            ['class', 'hot path'],
            ['data-owner', 'net team'],
            ['rel', 'x'],
          ],
        },
      ],
      ['parse', { href: 'https://example.org/?a=b', others: [['target', '_blank']] }],
    ]);
    expect(refused).toEqual([]);
  });

  test('nothing that runs code or breaks out of the picture is taken', () => {
    const { attributes, refused } = readFunctionAttributes(
      [
        'a\thref=java\u0001script:alert(1)',
        'b\tg_extra=onclick="alert(1)" ONLOAD=x style="background:url(//x)" xlink:href=y x"y=1 data-ok=1',
        'c\tid=frames\tunknown=1',
      ].join('\n'),
    );
    expect(attributes.get('a')).toEqual({ others: [] });
    expect(attributes.get('b')!.others).toEqual([['data-ok', '1']]);
    expect(refused.length).toBeGreaterThanOrEqual(6);
  });

  test('in the picture: links, titles and classes; values are escaped', () => {
    const profile = profileOf('main{app};parse{app} 10');
    const { attributes } = readFunctionAttributes(
      'main\ttitle=<b> & "x"\tclass=a"b\nparse\thref=https://x/?a=1&b=2\ta_extra=data-x="1"\n',
    );
    const svg = [...flameSvg.render(profile, { attributes })].join('');
    checkXml(svg);
    expect(svg).toContain('<g class="app a&quot;b"><title>&lt;b&gt; &amp; &quot;x&quot;</title>');
    expect(svg).toMatch(
      /<a data-x="1" class="app" xlink:href="https:\/\/x\/\?a=1&amp;b=2" target="_top"><title>parse \(10/,
    );
    expect(svg).toContain('</a>');
  });
});
