// Templates from files: stored messages, folders, bodies alone; CSS and text made on request.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { MailMessage } from 'posthorn';
import { TemplateEngine } from 'posthorn/template';
import { afterAll, beforeAll, expect, test } from 'vitest';

let folder: string;
const path = (...names: string[]): string => join(folder, ...names);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'posthorn-template-'));
  for (const name of ['partials/deep', 'layouts', 'attachments', 'linked']) {
    mkdirSync(path(name), { recursive: true });
  }
  writeFileSync(path('subject.txt'), 'Hello {{ name }}\n');
  writeFileSync(
    path('html.liquid.html'),
    "{% layout 'page' %}{% block b %}<i>{{ name }}</i>{% endblock %}",
  );
  writeFileSync(
    path('text.txt'),
    Buffer.from('M\xfcller {{ name }} {% render "deep/sign" %}', 'latin1'),
  );
  writeFileSync(
    path('headers.txt'),
    'From: Shop <shop@example.com>\r\nTo: {{ email }}\r\n\r\nX-Kind: {{ kind }}\r\n',
  );
  writeFileSync(
    path('layouts', 'page.html'),
    '<main>{% block b %}{% endblock %}</main><img src="cid:logo.png">',
  );
  writeFileSync(path('partials', 'deep', 'sign.txt'), 'bye {{ boss }}');
  writeFileSync(path('attachments', 'terms.txt'), 'terms');
  writeFileSync(path('linked', 'logo.png'), 'png');
  writeFileSync(path('bare.html'), '<p>{{ name }}</p>');
});
afterAll(() => rmSync(folder, { recursive: true }));

test('a folder', async () => {
  const engine = await TemplateEngine.load(folder);
  expect(engine.fields().toSorted()).toEqual(['boss', 'email', 'kind', 'name']);
  const message = await engine.merge({ name: '<A>', email: 'a@example.com', kind: 'x', boss: 'B' });
  expect(message.from.map(String)).toEqual(['Shop <shop@example.com>']);
  expect(message.subject).toBe('Hello <A>');
  expect(message.html).toBe('<main><i>&lt;A&gt;</i></main><img src="cid:logo.png">');
  expect(message.text).toBe('Müller <A> bye B');
  expect(message.headers.get('X-Kind')).toBe('x');
  expect(message.attachments.map(({ filename }) => filename)).toEqual(['terms.txt']);
  expect(message.linkedResources.map(({ cid }) => cid)).toEqual(['logo.png']);
  await expect(message.toBytes()).resolves.toBeInstanceOf(Uint8Array);
});

test('a folder with fields of the caller, by URL', async () => {
  const engine = await TemplateEngine.load(
    pathToFileURL(folder),
    { missing: 'blank' },
    { subject: 'Other' },
  );
  expect((await engine.merge({ email: 'a@example.com' })).subject).toBe('Other');
});

test('a body alone', async () => {
  const engine = await TemplateEngine.load(path('bare.html'), {}, { to: 'a@example.com' });
  expect((await engine.merge({ name: '&' })).html).toBe('<p>&amp;</p>');
});

test('a folder that is none, and a file that is not there', async () => {
  await expect(TemplateEngine.load(path('linked'))).rejects.toMatchObject({
    code: 'OPTION_INVALID',
    message: expect.stringMatching(
      /linked' is no template: it holds neither html\.html nor text\.txt$/,
    ),
  });
  await expect(TemplateEngine.load(path('nosuch.html'))).rejects.toMatchObject({
    code: 'FILE_INACCESSIBLE',
    message: expect.stringMatching(/nosuch\.html' can't be read \(ENOENT.*\); check the path$/),
  });
  await expect(TemplateEngine.load(path('nosuch.eml'))).rejects.toMatchObject({
    code: 'FILE_INACCESSIBLE',
  });
});

test('a stored message keeps its parts; names of attachments are filled in', async () => {
  const stored = new MailMessage({
    from: 'shop@example.com',
    to: 'x@example.com',
    subject: 'Hi #Name#',
    text: 'Hi #Name#',
    html: '<img src="cid:logo"><b>#Name#</b>',
    attachments: [
      { filename: 'for-#Name#.txt', content: 'x' },
      { filename: 'same.txt', content: '#Name#' },
    ],
    linkedResources: [{ cid: 'logo', content: 'png', filename: 'l.png', contentType: 'image/png' }],
    unsubscribe: { mailto: 'leave@example.com' },
    priority: 'high',
  });
  await stored.save(path('stored.eml'));
  const engine = await TemplateEngine.load(
    path('stored.eml'),
    { syntax: 'hash' },
    { to: '#Email#' },
  );
  for (const name of ['Ann', 'Bo']) {
    const message = MailMessage.parse(
      await (await engine.merge({ Name: name, Email: 'a@example.com' })).toBytes(),
    );
    expect(message.subject).toBe(`Hi ${name}`);
    expect(message.html?.trim()).toBe(`<img src="cid:logo"><b>${name}</b>`);
    expect(message.linkedResources.map(({ cid }) => cid)).toEqual(['logo']);
    expect(message.unsubscribe?.mailto).toBe('mailto:leave@example.com');
    expect(message.priority).toBe('high');
    const files = message.attachments.filter(({ cid }) => cid === undefined);
    expect(files.map(({ filename }) => filename)).toEqual([`for-${name}.txt`, 'same.txt']);
    expect(Buffer.from((await files[1]?.bytes()) ?? []).toString()).toBe('#Name#');
  }
});

test.each(['msg', 'oft'])('a template that Outlook stores: .%s', async (extension) => {
  const stored = new MailMessage({
    from: 'Shop <shop@example.com>',
    to: 'x@example.com',
    subject: 'Hello {{ name }}',
    html: '<p>Dear {{ name | default: "friend" }}</p>',
    attachments: [{ filename: 'for {{ name }}.txt', content: 'x' }],
  });
  const file = path(`stored.${extension}`);
  await stored.save(file);
  const engine = await TemplateEngine.load(file, {}, { to: '{{ email }}' });
  expect(engine.fields()).toEqual(['email', 'name']);
  const message = await engine.merge({ name: '<A>', email: 'a@example.com' });
  expect(message.subject).toBe('Hello <A>');
  expect(message.html).toContain('<p>Dear &lt;A&gt;</p>');
  expect(message.attachments.map(({ filename }) => filename)).toEqual(['for <A>.txt']);
});

test('a field among the recipients, which Outlook keeps as a name without an address', () => {
  const stored = MailMessage.parse('To: "{{ email }}" <>, b@example.com\r\nSubject: x\r\n\r\nx');
  expect(new TemplateEngine(stored).fields()).toEqual(['email']);
});

test('CSS is inlined, also that of a layout, and text made from HTML, on request', async () => {
  const engine = new TemplateEngine(
    {
      to: 'a@example.com',
      html: '{% layout \'page\' %}{% block b %}<p class="x">{{ name }}</p>{% endblock %}',
      textFromHtml: true,
    },
    {
      layouts: { page: '<style>.x { color: red }</style><div>{% block b %}{% endblock %}</div>' },
      inlineCss: { css: 'div { margin: 0 }' },
    },
  );
  const message = await engine.merge({ name: '<b>' });
  expect(message.html).toBe(
    '<div style="margin: 0;"><p class="x" style="color: red;">&lt;b&gt;</p></div>',
  );
  expect(MailMessage.parse(await message.toBytes()).text?.trim()).toBe('<b>');
});

test('one seed gives every row a message of its own', async () => {
  const engine = new TemplateEngine({ to: 'a@example.com', text: 'x', deterministic: 'seed' });
  const ids: string[] = [];
  for await (const { messageId } of engine.mergeAll([{}, {}])) ids.push(messageId);
  for await (const { messageId } of engine.mergeAll([{}, {}])) ids.push(messageId);
  expect(new Set(ids).size).toBe(2);
});
