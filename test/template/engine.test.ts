// TemplateEngine with the liquid syntax: fields everywhere, escaping, missing fields, errors with their place.
import { MailMessage, TemplateError } from 'posthorn';
import { RawHtml, TemplateEngine } from 'posthorn/template';
import { describe, expect, test } from 'vitest';

const from = 'Shop <shop@example.com>';

async function failure(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('It did not fail');
}

describe('fields', () => {
  test('stand in every field of a message', async () => {
    const engine = new TemplateEngine({
      from,
      to: '{{ name }} <{{ email }}>',
      cc: '{{ boss }}',
      replyTo: [{ name: '{{ agent }}', address: '{{ agentEmail }}' }],
      subject: 'Hello {{ name }}',
      text: 'Dear {{ name }}, {{ total }}',
      html: '<p>Dear {{ name }}</p>',
      headers: { 'X-Order': '{{ order }}', 'X-None': '{{ none }}' },
      attachments: [{ filename: 'invoice-{{ order }}.txt', template: 'Order {{ order }}' }],
      unsubscribe: { url: 'https://example.com/leave?who={{ email | url_encode }}' },
      messageId: '<{{ order }}@example.com>',
    });
    const message = await engine.merge({
      name: 'Ann',
      email: 'ann@example.com',
      boss: 'boss@example.com',
      agent: 'Bo',
      agentEmail: 'bo@example.com',
      total: 12,
      order: 42,
      none: '',
    });
    expect(message.to.map(String)).toEqual(['Ann <ann@example.com>']);
    expect(message.cc.map(String)).toEqual(['boss@example.com']);
    expect(message.replyTo.map(String)).toEqual(['Bo <bo@example.com>']);
    expect(message.subject).toBe('Hello Ann');
    expect(message.text).toBe('Dear Ann, 12');
    expect(message.html).toBe('<p>Dear Ann</p>');
    expect(message.headers.get('X-Order')).toBe('42');
    expect(message.headers.has('X-None')).toBe(false);
    expect(message.messageId).toBe('<42@example.com>');
    expect(message.unsubscribe?.url).toBe('https://example.com/leave?who=ann%40example.com');
    const [attachment] = message.attachments;
    expect(attachment?.filename).toBe('invoice-42.txt');
    expect(Buffer.from((await attachment?.bytes()) ?? []).toString()).toBe('Order 42');
  });

  test('are told for a form: inside of loops, conditions and filters, without loop variables', () => {
    const engine = new TemplateEngine(
      {
        to: '{{ email }}',
        subject: 'Hello {{ name | default: nick }}',
        html: `{% assign x = base | plus: extra %}{% for item in items limit: most %}{{ item.name }} {{ forloop.index }}{% endfor %}
          {% if vip and level > 3 %}{{ x }}{% elsif other == wanted %}{% endif %}{% render 'footer', who: sender %}
          {% case kind %}{% when special %}a{% endcase %}{% unless off %}{% endunless %}{% capture c %}{{ inner }}{% endcapture %}{{ c }}
          {% tablerow r in rows cols: n %}{{ r }}{% endtablerow %}{% cycle one, two %}{% echo shouted %}`,
        attachments: [{ path: 'a/{{ file }}', each: 'files' }],
      },
      { partials: { footer: '{{ who }} {{ company }}' }, skip: 'unsubscribed == "yes"' },
    );
    expect(engine.fields().sort()).toEqual(
      [
        'email name nick base extra items most vip level other wanted sender kind special off inner rows n',
        'one two shouted company file files unsubscribed',
      ]
        .join(' ')
        .split(' ')
        .sort(),
    );
  });
});

describe('escaping', () => {
  const name = '<b>"Ann" & \'Bo\'</b>';

  test('HTML parts escape values, text parts and headers never do', async () => {
    const engine = new TemplateEngine({
      to: 'a@example.com',
      subject: '{{ name }}',
      html: '<p title="{{ name }}">{{ name | upcase }}{% echo name %}{% cycle name, name %}</p>',
      text: '{{ name }}',
      headers: { 'X-Name': '{{ name }}' },
    });
    const message = await engine.merge({ name });
    const escaped = '&lt;b&gt;&quot;Ann&quot; &amp; &#39;Bo&#39;&lt;/b&gt;';
    const upper = '&lt;B&gt;&quot;ANN&quot; &amp; &#39;BO&#39;&lt;/B&gt;';
    expect(message.html).toBe(`<p title="${escaped}">${upper}${escaped}${escaped}</p>`);
    expect(message.text).toBe(name);
    expect(message.subject).toBe(name);
    expect(message.headers.get('X-Name')).toBe(name);
  });

  test('raw writes a value as it is, what was captured or comes from a block is not escaped twice', async () => {
    const engine = new TemplateEngine(
      {
        to: 'a@example.com',
        html: `{% layout 'page' %}{% block main %}{{ block.super }}{% capture x %}<i>{{ name }}</i>{% endcapture %}{{ x }}{{ name | raw }}{{ made | shout }}{% if x == '<i>&lt;b&gt;</i>' %}same{% endif %}{% endblock %}`,
      },
      {
        layouts: { page: '<main>{% block main %}<hr>{% endblock %}</main>' },
        filters: { shout: (text: string) => new RawHtml(`<u>${text}</u>`) },
      },
    );
    const message = await engine.merge({ name: '<b>', made: 'x' });
    expect(message.html).toBe('<main><hr><i>&lt;b&gt;</i><b><u>x</u>same</main>');
  });

  test('filters that write markup escape what they are given, once', async () => {
    const engine = new TemplateEngine({
      to: 'a@example.com',
      html: '{{ x | newline_to_br }}|{{ x | escape }}|{{ x | escape | newline_to_br }}|{{ x | newline_to_br | raw }}|{{ x | escape_once }}',
      text: '{{ x | strip_newlines }}',
    });
    const message = await engine.merge({ x: '<b>\n&amp;' });
    const broken = '&lt;b&gt;<br>\n&amp;amp;';
    expect(message.html).toBe(
      `${broken}|&lt;b&gt;\n&amp;amp;|${broken}|${broken}|&lt;b&gt;\n&amp;`,
    );
    expect(message.text).toBe('<b>&amp;');
  });

  test('a row that calls itself a block is a row', async () => {
    const engine = new TemplateEngine({ to: 'a@example.com', html: '{{ block.super }}' });
    const message = await engine.merge({ block: { super: '<b>' } });
    expect(message.html).toBe('&lt;b&gt;');
  });
});

describe('missing fields', () => {
  const template = {
    to: 'a@example.com',
    subject: 'x',
    text: 'Hello {{ Name }} and {{ who.first }}!',
  };

  test('are an error with place and cure', async () => {
    const engine = new TemplateEngine({ ...template, text: 'Hello\n  {{ Name }}' });
    const error = await failure(engine.merge({ name: 'Ann' }));
    expect(error).toBeInstanceOf(TemplateError);
    expect(error).toMatchObject({
      code: 'TEMPLATE_FIELD_MISSING',
      template: 'text',
      line: 2,
      column: 3,
      field: 'Name',
      message:
        "text:2:3: the row has no field 'Name'; did you mean 'name'? Or set missing: 'blank'",
    });
  });

  test('may be asked for in conditions and have defaults', async () => {
    const engine = new TemplateEngine({
      ...template,
      text: "{% if nick %}x{% endif %}{{ nick | default: 'friend' }}{{ nothing }}",
    });
    expect((await engine.merge({ nothing: null })).text).toBe('friend');
  });

  test('are blank or kept on request', async () => {
    const blank = new TemplateEngine(template, { missing: 'blank' });
    expect((await blank.merge({})).text).toBe('Hello  and !');
    const keep = new TemplateEngine(template, { missing: 'keep' });
    expect((await keep.merge({ who: {} })).text).toBe('Hello {{ Name }} and {{ who.first }}!');
    expect((await keep.merge({ Name: 'A', who: { first: 'B' } })).text).toBe('Hello A and B!');
  });

  test('what objects inherit is no field', async () => {
    const engine = new TemplateEngine(
      {
        to: 'a@example.com',
        text: '{{ constructor }}{{ toString }}{{ __proto__ }}{{ a.constructor }}',
      },
      { missing: 'keep' },
    );
    expect((await engine.merge({ a: {} })).text).toBe(
      '{{ constructor }}{{ toString }}{{ __proto__ }}{{ a.constructor }}',
    );
  });
});

describe('errors', () => {
  test.each([
    ['{% if a %}', 'html:1:1: tag {% if a %} not closed; add its end'],
    [
      'x\n{{ a | nosuch }}',
      'html:2:1: undefined filter: nosuch; correct its name, or give it in filters',
    ],
    [
      '{% nosuch %}',
      'html:1:1: tag "nosuch" not found; correct its name; literal text stands between {% raw %} and {% endraw %}',
    ],
  ])('in a template are told at once: %s', (html, message) => {
    expect(() => new TemplateEngine({ html })).toThrow(
      expect.objectContaining({ code: 'TEMPLATE_INVALID', message }),
    );
  });

  test('of a filter carry its own as cause', async () => {
    const cause = new Error('no stock');
    const engine = new TemplateEngine(
      { to: 'a@example.com', text: '{{ a | look }}' },
      {
        filters: {
          look: () => {
            throw cause;
          },
        },
      },
    );
    const error = await failure(engine.merge({ a: 1 }));
    expect(error).toMatchObject({ code: 'TEMPLATE_FAILED', line: 1, column: 1, cause });
    expect((error as Error).message).toBe('text:1:1: no stock; correct the filter or the value');
  });

  test('an object in a letter is an error', async () => {
    const engine = new TemplateEngine({ to: 'a@example.com', text: '{{ who }}' });
    expect(await failure(engine.merge({ who: { name: 'x' } }))).toMatchObject({
      code: 'TEMPLATE_FAILED',
      message: 'text:1:1: the value is an object; name one of its fields, as in {{ person.name }}',
    });
  });

  test('a partial that is not there, a file of the machine', async () => {
    const engine = new TemplateEngine({
      to: 'a@example.com',
      text: '{% if x %}{% render "../../etc/passwd" %}{% endif %}',
    });
    expect(await failure(engine.merge({ x: true }))).toMatchObject({
      code: 'TEMPLATE_INVALID',
      message:
        "text:1:11: there is no partial or layout '../../etc/passwd'; give it in partials or layouts",
    });
  });

  test.each([
    ['a loop', '{% for a in (1..1000000) %}{% for b in (1..1000000) %}x{% endfor %}{% endfor %}'],
    ['a range', '{% for a in (1..100000000000) %}{% endfor %}'],
    [
      'doubling',
      '{% assign x = "xxxxxxxx" %}{% for a in (1..64) %}{% assign x = x | append: x %}{% endfor %}',
    ],
    ['recursion', '{% render "self" %}'],
  ])('a hostile template ends with LimitError: %s', async (_, text) => {
    const engine = new TemplateEngine(
      { to: 'a@example.com', text },
      { partials: { self: 'x{% render "self" %}' }, limits: { templateMs: 200 } },
    );
    expect(await failure(engine.merge({}))).toMatchObject({
      name: 'LimitError',
      code: 'LIMIT_EXCEEDED',
    });
  });
});

describe('rows', () => {
  test('are merged one by one, skipped, mapped', async () => {
    const engine = new TemplateEngine(
      { to: '{{ email }}', text: 'Hi {{ first }}' },
      { columns: { 'First Name': 'first' }, skip: 'unsubscribed == "yes"' },
    );
    const rows = [
      { 'First Name': 'Ann', email: 'ann@example.com' },
      { 'First Name': 'Bo', email: 'bo@example.com', unsubscribed: 'yes' },
      { 'First Name': 'Cy', email: 'cy@example.com', unsubscribed: 'no' },
    ];
    const texts: (string | undefined)[] = [];
    for await (const message of engine.mergeAll(rows)) texts.push(message.text);
    expect(texts).toEqual(['Hi Ann', 'Hi Cy']);
  });

  test('that fail stop mergeAll with their number, and not mergeEach', async () => {
    const engine = new TemplateEngine({ to: '{{ email }}', text: 'x' });
    const rows = [{ email: 'a@example.com' }, { email: 'nobody' }, { email: 'c@example.com' }];
    const seen: string[] = [];
    for await (const { status, index } of engine.mergeEach(rows)) seen.push(`${index} ${status}`);
    expect(seen).toEqual(['0 merged', '1 failed', '2 merged']);
    const all = async (): Promise<void> => {
      for await (const _ of engine.mergeAll(rows));
    };
    expect(await failure(all())).toMatchObject({
      code: 'ADDRESS_INVALID',
      message: expect.stringMatching(/^row 2: to: /),
    });
  });

  test('have their own language, zone and attachments', async () => {
    const engine = new TemplateEngine(
      {
        to: 'a@example.com',
        text: "{{ due | format_date }}|{{ at | format_date_time: 'short' }}|{{ sum | format_money: 'EUR' }}|{{ n | format_number: 1 }}|{{ share | format_percent }}",
      },
      {
        locale: ({ lang }) => String(lang),
        timeZone: 'Asia/Tokyo',
        attach: ({ n }) => [{ filename: `${n}.txt`, content: 'x' }],
      },
    );
    const row = {
      due: '2026-11-20',
      at: new Date('2026-11-20T20:00:00Z'),
      sum: '1234.5',
      n: 1234.56,
      share: 0.25,
    };
    const german = await engine.merge({ ...row, lang: 'de' });
    expect(german.text?.replaceAll('\u00a0', ' ')).toBe(
      '20. November 2026|21.11.26, 05:00|1.234,50 €|1.234,6|25 %',
    );
    expect(german.attachments.map(({ filename }) => filename)).toEqual(['1234.56.txt']);
    const american = await engine.merge({ ...row, lang: 'en_US' });
    expect(american.text?.replaceAll('\u202f', ' ')).toBe(
      'November 20, 2026|11/21/26, 5:00 AM|$1,234.50|1,234.6|25%'.replace('$', '€'),
    );
  });

  test('are not changed, whatever a template counts', async () => {
    const engine = new TemplateEngine({
      to: 'a@example.com',
      text: '{% increment n %}{% increment n %}{% assign name = 1 %}',
    });
    const row = Object.freeze({ name: 'Ann' });
    expect((await engine.merge(row)).text).toBe('01');
    expect(row).toEqual({ name: 'Ann' });
  });

  test('filters may be async', async () => {
    const engine = new TemplateEngine(
      {
        to: 'a@example.com',
        subject: '{{ id | title }}',
        html: '{% for x in ids %}{{ x | title }},{% endfor %}',
      },
      { filters: { title: async (id: number) => `<${id}>` } },
    );
    const message = await engine.merge({ id: 1, ids: [2, 3] });
    expect(message.subject).toBe('<1>');
    expect(message.html).toBe('&lt;2&gt;,&lt;3&gt;,');
  });
});

test('a message is a template', async () => {
  const eml = [
    'From: Shop <shop@example.com>',
    'To: "{{ name }}" <{{ email }}>',
    'Subject: =?utf-8?q?Hello_=7B=7B_name_=7D=7D?=',
    'Message-ID: <1@example.com>',
    'X-Unsent: 1',
    'X-Campaign: {{ campaign }}',
    'Content-Type: text/html; charset=utf-8',
    '',
    '<p>{{ name | default: &quot;x&quot; }}</p>',
  ].join('\r\n');
  const engine = new TemplateEngine(MailMessage.parse(eml));
  expect(engine.fields()).toEqual(
    ['email', 'name', 'campaign'].sort((a) => (a === 'name' ? -1 : 1)),
  );
  const message = await engine.merge({ name: 'A, B', email: 'a@example.com', campaign: '7' });
  expect(message.to.map(String)).toEqual(['"A, B" <a@example.com>']);
  expect(message.subject).toBe('Hello A, B');
  expect(message.html?.trim()).toBe('<p>A, B</p>');
  expect(message.headers.get('X-Campaign')).toBe('7');
  expect(message.headers.has('X-Unsent')).toBe(false);
  expect(message.messageId).not.toBe('<1@example.com>');
});
