import assert from 'node:assert/strict';
import { cleanHtml, plainText } from '../../../src/documents/emailHtml.ts';
import { renderPreview } from '../../../src/documents/preview.ts';
import type { Step } from '../../../src/providers/emails.ts';
import { providers, type ProviderId } from '../../../src/providers/index.ts';
import { createInstantlyWorld } from '../../../src/sandbox/instantlyWorld.ts';
import { defaults } from '../../../src/sandbox/options.ts';
import { createSmartleadWorld } from '../../../src/sandbox/smartleadWorld.ts';
import { parseObject } from '../../../src/transport/json.ts';
import { sampleText } from '../../support/fixtures.ts';

const stepsOf = (source: string, provider: ProviderId) => providers[provider].emails.stepsOf(parseObject(source));

const step = (html: string, subject = 'Hello'): Step => ({
  number: 1,
  delay: undefined,
  variants: [{ name: 'A', subject, html, disabled: false }],
});

/** What the page shows of one email, without the page around it. */
async function emailOf(html: string): Promise<string> {
  const page = await renderPreview([step(html)], 'Q4');
  return page.slice(page.indexOf('<div class="email">') + 19, page.indexOf('</div>\n<details>'));
}

async function headingOf(subject: string): Promise<string> {
  const page = await renderPreview([step('', subject)], 'Q4');
  return /<div class="subject[^"]*">(.*)<\/div>/.exec(page)![1]!;
}

const VARIABLE = '<mark class="variable" title="Template variable, filled in for each lead">';
const SPINTAX = '<mark class="spintax" title="Spintax: one of these is chosen for each email">';

describe('the preview of emails', () => {
  const hostile: Readonly<Record<string, string>> = {
    script: '<script>alert(1)</script><SCRIPT SRC=//evil.test/x.js></SCRIPT>ok',
    'unclosed script': 'ok<script>alert(1)',
    'split script': '<scr<script>ipt>alert(1)</scr</script>ipt>ok',
    handlers: '<p onclick="alert(1)" onmouseover=alert(1)>ok</p><img src=x onerror=alert(1)><body onload=alert(1)>',
    'script links': '<a href="javascript:alert(1)">ok</a><a href="  java\nscript:alert(1)">b</a>',
    'command links': '<a href="command:workbench.action.terminal.new">ok</a>',
    'data links': '<a href="data:text/html,<script>alert(1)</script>">ok</a>',
    frames: '<iframe src="https://evil.test"></iframe><iframe srcdoc="<script>alert(1)</script>"></iframe><frameset>ok',
    forms:
      '<form action="https://evil.test"><input name=a value=b><button formaction="javascript:alert(1)">ok</button></form>',
    refresh: '<meta http-equiv="refresh" content="0;url=https://evil.test">ok',
    base: '<base href="https://evil.test/">ok',
    links: '<link rel=stylesheet href="https://evil.test/x.css">ok',
    svg: '<svg onload=alert(1)><script>alert(1)</script><image href="https://evil.test/x"/></svg>ok',
    math: '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>ok',
    styles: '<style>body{background:url(https://evil.test/x)}</style><p style="background:url(//evil.test/x)">ok</p>',
    media:
      '<video src="https://evil.test/v" autoplay></video><audio src=x></audio><object data=x></object><embed src=x>ok',
    sources:
      '<picture><source srcset="https://evil.test/x"></picture><table background="https://evil.test/x"></table>ok',
    comments: '<!--><script>alert(1)</script>--><![CDATA[<script>alert(1)</script>]]>ok',
    noscript: '<noscript><p title="</noscript><img src=x onerror=alert(1)>">ok</noscript>ok',
    textarea: '<textarea></textarea/><img src=x onerror=alert(1)></textarea>ok',
    classes: '<span class="badge" id="x" style="position:fixed">ok</span><mark class="variable">ok</mark>',
    slots: '<template><script>alert(1)</script></template><slot name=x>ok</slot><dialog open>ok</dialog>',
  };

  /** Every tag of the output, with its attributes. */
  const tags = (html: string) => [...html.matchAll(/<(\/?[a-z0-9]+)([^>]*)>/g)];

  for (const [name, html] of Object.entries(hostile)) {
    it(`has nothing of hostile HTML: ${name}`, async () => {
      const email = await emailOf(html);
      assert.match(email, /ok|x/);
      const allowed = /^\/?(a|b|br|div|p|span|table|tbody|td|tr|samp|mark|i|code)$/;
      for (const [, tag, attributes] of tags(email)) {
        assert.match(tag!, allowed, email);
        assert.match(attributes!, /^( (title|colspan|rowspan|class="(variable|spintax)")(="[^"]*")?)*$/, email);
      }
      assert.equal(email.replace(/<[^>]*>/g, '').includes('<'), false);
      assert.doesNotMatch(email.replace(/ title="[^"]*"/g, ''), /href|src=|onerror=|style=/);
    });
  }

  it('lets no unclosed, stray or nested tag out of its email', () => {
    const cases = ['<div><b>bold', '</div></article></section></body>text', '<table><tr><td>', '<p><p><div></p></div>'];
    cases.push('<div>'.repeat(500) + 'deep', '<!--', '<a title="', '</pre></details><details open>', '<div class="');
    for (const html of cases) {
      const clean = cleanHtml(html);
      const open: string[] = [];
      for (const [, tag] of tags(clean).filter(([, name]) => name !== 'br')) {
        if (tag!.startsWith('/')) {
          assert.equal(open.pop(), tag!.slice(1), clean);
        } else {
          open.push(tag!);
        }
      }
      assert.deepEqual(open, [], html);
    }
    assert.ok(tags(cleanHtml('<div>'.repeat(500))).length <= 200);
  });

  it('shows links and images as text that leads nowhere', async () => {
    assert.equal(
      await emailOf('<a href="https://a.test/?x=1&y=2">here</a>'),
      '<a title="https://a.test/?x=1&amp;y=2">here</a>',
    );
    assert.equal(
      await emailOf('<img src="https://a.test/x.png" alt="Our <team>">'),
      '<samp title="https://a.test/x.png">Our &lt;team&gt;</samp>',
    );
    assert.equal(await emailOf('a<img src="https://a.test/x.png">b'), 'a<samp>https://a.test/x.png</samp>b');
    assert.equal(await emailOf('a<samp title="x">b</samp>'), 'a<code>b</code>');
  });

  it('has a policy that allows one style, and nothing else', async () => {
    const page = await renderPreview([step('<style>p{color:red}</style>x')], 'Q4 "launch" <b>');
    const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)!;
    assert.match(policy!, /^default-src 'none'; style-src 'sha256-[\w+/]+=*'; form-action 'none'; base-uri 'none'$/);
    assert.equal(page.match(/<style>/g)!.length, 1);
    assert.ok(page.indexOf('Content-Security-Policy') < page.indexOf('<style>'));
    assert.ok(page.includes('<h1>Emails of Q4 &quot;launch&quot; &lt;b&gt;</h1>'));
  });

  it('marks variables and spintax', async () => {
    assert.equal(await emailOf('Hi {{firstName}}!'), `Hi ${VARIABLE}{{firstName}}</mark>!`);
    assert.equal(await emailOf('{{ company name|you }}'), `${VARIABLE}{{ company name|you }}</mark>`);
    assert.equal(await emailOf('{Hi|Hello} x'), `${SPINTAX}{Hi|Hello}</mark> x`);
    assert.equal(await emailOf('{{RANDOM | Hi | R&D}}'), `${SPINTAX}{{RANDOM | Hi | R&amp;D}}</mark>`);
    assert.equal(
      await emailOf('{Hi {{first_name}}|Hello}'),
      `${SPINTAX}{Hi ${VARIABLE}{{first_name}}</mark>|Hello}</mark>`,
    );
    assert.equal(
      await emailOf('{{random|Hi {{firstName}}|{a|b}}}'),
      `${SPINTAX}{{random|Hi ${VARIABLE}{{firstName}}</mark>|${SPINTAX}{a|b}</mark>}}</mark>`,
    );
    for (const plain of ['{x}', '{{}}', '{{ }}', '{ {{', '}} {', '{% if a | b %}', '{'.repeat(3000)]) {
      assert.equal(await emailOf(plain), plain);
    }
    assert.equal(await emailOf('{ open {{name}}'), `{ open ${VARIABLE}{{name}}</mark>`);
  });

  it('marks them in subjects and in the plain text too, but never in attributes', async () => {
    assert.equal(await headingOf('{A|B} & {{c}}'), `${SPINTAX}{A|B}</mark> &amp; ${VARIABLE}{{c}}</mark>`);
    assert.equal(await headingOf('<img src=x onerror=alert(1)>'), '&lt;img src=x onerror=alert(1)&gt;');
    assert.equal(await headingOf(' '), '(same thread)');
    assert.equal(
      await emailOf('<a href="https://a.test/{{id}}?{a|b}">x</a>'),
      '<a title="https://a.test/{{id}}?{a|b}">x</a>',
    );
    const page = await renderPreview([step('<div>Hi {{name}}</div>')], 'Q4');
    assert.ok(page.includes(`<summary>Plain text</summary><pre>Hi ${VARIABLE}{{name}}</mark></pre>`));
  });

  it('has the text of an email as a plain text', () => {
    const text = (html: string) => plainText(cleanHtml(html));
    assert.equal(
      text('<div>Hi,</div><div><br></div><div>a  &amp;\n b &lt;c&gt; &eacute;&nbsp;d</div>'),
      'Hi,\n\na & b <c> é\u00a0d',
    );
    assert.equal(text('<p>One</p><p>Two<br/>Three</p>'), 'One\n\nTwo\nThree');
    assert.equal(text('x<ul><li>a</li><li>b</li></ul>y'), 'x\n\n- a\n- b\n\ny');
    assert.equal(text('<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>'), 'a b\nc');
    assert.equal(
      text('<a href="https://a.test">here</a>, <a href="https://a.test">https://a.test</a>'),
      'here (https://a.test), https://a.test',
    );
    assert.equal(text('<pre>a\n  b</pre>'), 'a\n  b');
    assert.equal(text('<script>x</script>'), '');
    assert.equal(text('&lt;script&gt;'), '<script>');
    assert.ok(text('<div>line</div>'.repeat(20_000)).length > 90_000);
  });

  it('says so where there is nothing', async () => {
    assert.match(await renderPreview([], 'Q4'), /This campaign has no emails yet\./);
    assert.match(
      await renderPreview([{ number: 1, delay: undefined, variants: [] }], 'Q4'),
      /This step has no email\./,
    );
  });

  it('has each step with its delay and its variants', async () => {
    const page = await renderPreview(
      [
        step('a'),
        {
          number: 2,
          delay: '3 days later',
          variants: [
            { name: 'A', subject: '', html: 'b', disabled: false },
            { name: 'B', subject: 's', html: 'c', disabled: true },
          ],
        },
      ],
      'Q4',
    );
    const words = page
      .slice(page.indexOf('<body>'))
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim();
    assert.equal(
      words,
      'Emails of Q4 Step 1 Hello a Plain text a Step 2 , 3 days later Variant A (same thread) b Plain text b Variant B disabled s c Plain text c',
    );
  });

  it('says so where an email is cut, and shows one of 50 KB whole', async () => {
    const page = await renderPreview([step(`${'<p>words</p>'.repeat(20_000)}<p>the end</p>`)], 'Q4');
    assert.match(page, /<footer>Cut after 200,000 characters<\/footer>/);
    assert.doesNotMatch(page, /the end/);
    const whole = await renderPreview([step(`${'<p>words</p>'.repeat(4000)}<p>the end</p>`)], 'Q4');
    assert.match(whole, /<p>the end<\/p>/);
    assert.doesNotMatch(whole, /<footer>/);
  });

  for (const part of [
    '<p>x',
    '{',
    '{{',
    '{a|',
    '}',
    '{ ',
    '<',
    '<a href=x>',
    'x<b>',
    ' ',
    '<br>',
    '<td>x',
    '<pre>\n',
    '&lt;',
  ]) {
    it(`is made in one pass over a megabyte of ${JSON.stringify(part)}`, async () => {
      const text = part.repeat(1_000_000 / part.length);
      assert.match(await renderPreview([step(text, text)], 'Q4'), /Cut after/);
    });
  }

  it('has the plain text of a megabyte in one pass', () => {
    for (const part of [
      '<p>x</p>',
      'x<b>y</b>',
      '<a title="x">x</a>',
      '<td> </td>',
      ' ',
      '\n',
      '<br />',
      '<pre>\n</pre>',
      '<',
    ]) {
      assert.ok(plainText(part.repeat(1_000_000 / part.length)).length <= 1_000_000, part);
    }
  });
});

describe('the steps of a document', () => {
  it('are read from an Instantly campaign, where a delay is the wait before the next email', async () => {
    const steps = await stepsOf(
      JSON.stringify({
        sequences: [
          {
            steps: [
              {
                delay: 1,
                variants: [
                  { subject: 'S', body: 'a' },
                  { subject: 'T', body: 'b', v_disabled: true },
                ],
              },
              { delay: 90, delay_unit: 'minutes', variants: [{ subject: '', body: 'c' }] },
              { delay: 0, variants: [{ subject: 5, body: null }, 'odd'] },
              { variants: null },
            ],
          },
          { steps: [{ variants: [] }] },
        ],
      }),
      'instantly',
    );
    assert.deepEqual(
      steps.map(({ number, delay }) => [number, delay]),
      [
        [1, undefined],
        [2, '1 day later'],
        [3, '90 minutes later'],
        [4, 'right after it'],
      ],
    );
    assert.deepEqual(steps[0]!.variants, [
      { name: 'A', subject: 'S', html: 'a', disabled: false },
      { name: 'B', subject: 'T', html: 'b', disabled: true },
    ]);
    assert.deepEqual(steps[2]!.variants, [{ name: 'A', subject: '', html: '', disabled: false }]);
    assert.deepEqual(steps[3]!.variants, []);
  });

  it('are read from Smartlead sequences, with variants or without', async () => {
    const rows = [
      { seq_number: 2, subject: '', email_body: 'b', seq_delay_details: { delayInDays: 3 }, sequence_variants: null },
      {
        seq_number: 1,
        subject: '',
        email_body: '',
        seq_delay_details: { delayInDays: 1 },
        sequence_variants: [
          { subject: 'S', email_body: 'a', variant_label: 'A' },
          { subject: 'gone', email_body: 'x', variant_label: 'B', is_deleted: true },
          { subject: 'T', email_body: 'c', variant_label: 'C', variant_distribution_percentage: 0 },
        ],
      },
      { seq_number: 3, email_body: 'd', seq_delay_details: { delay_in_days: '1' } },
    ];
    const expected = [
      [1, undefined, ['A S a false', 'C T c true']],
      [2, '3 days later', ['A  b false']],
      [3, '1 day later', ['A  d false']],
    ];
    for (const document of [rows, { success: true, data: rows }]) {
      const steps = (await stepsOf(JSON.stringify(document), 'smartlead')).map(({ number, delay, variants }) => [
        number,
        delay,
        variants.map(({ name, subject, html, disabled }) => `${name} ${subject} ${html} ${String(disabled)}`),
      ]);
      assert.deepEqual(steps, expected);
    }
  });

  it('are read from what was recorded, and from the sandbox', async () => {
    const recorded = await stepsOf(sampleText('smartlead', 'campaign-sequences.docs-2023.json'), 'smartlead');
    assert.deepEqual(recorded, [
      {
        number: 1,
        delay: undefined,
        variants: [{ name: 'A', subject: 'Subject', html: '<p>Hi</p>', disabled: false }],
      },
    ]);
    const instantly = createInstantlyWorld(defaults).campaigns.find((campaign) => 'sequences' in campaign);
    const smartlead = createSmartleadWorld(defaults);
    const ids = smartlead.campaigns.map(({ id }) => Number(id));
    for (const steps of [
      await stepsOf(JSON.stringify(instantly), 'instantly'),
      await stepsOf(JSON.stringify(smartlead.sequencesOf(ids[0]!)), 'smartlead'),
    ]) {
      assert.ok(steps.length >= 2);
      assert.equal(steps[0]!.variants.length, 2);
      assert.match(steps[0]!.variants[0]!.html, /\{\{/);
    }
    assert.deepEqual(
      ids.map((id) => createSmartleadWorld(defaults).sequencesOf(id)),
      ids.map((id) => smartlead.sequencesOf(id)),
    );
    assert.deepEqual(smartlead.sequencesOf(1), []);
  });

  it('are none where the document has none, or is something else', async () => {
    for (const odd of ['', 'null', '[]', '{}', '5', '{"sequences":null}', '{"sequences":[{"steps":{}}]}', '[null,1]']) {
      assert.deepEqual(await stepsOf(odd, 'instantly'), [], odd);
      assert.deepEqual(await stepsOf(odd, 'smartlead'), [], odd);
    }
  });
});
