// The page of the inbox in a real browser. The pictures it takes are kept in artifacts/inbox/.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Frame, Page } from 'playwright-core';
import { type Inbox, startInbox } from 'posthorn/inbox';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { arabic, hostile, japanese, plain, receipt, receiptPdf } from '../inbox/sample-mail.ts';
import { sendRaw } from '../support/raw-smtp.ts';
import { startChromium } from './support/chromium.ts';

const browser: Browser | undefined = await startChromium();
afterAll(() => browser?.close());

const pictures = fileURLToPath(new URL('../../artifacts/inbox/', import.meta.url));

describe.skipIf(browser === undefined)('the page of the inbox', () => {
  let inbox: Inbox;
  let context: BrowserContext;
  let page: Page;
  let complaints: string[];
  let foreign: string[];

  beforeEach(async () => {
    inbox = await startInbox({ smtpPort: 0, httpPort: 0 });
    context = await (browser as Browser).newContext({ viewport: { width: 1440, height: 900 } });
    complaints = [];
    foreign = [];
    await context.route(
      (url) => url.port !== String(inbox.httpPort),
      (route) => {
        foreign.push(route.request().url());
        return route.abort();
      },
    );
    page = await openPage();
  });

  afterEach(async () => {
    await context.close();
    await inbox.close();
  });

  async function openPage(): Promise<Page> {
    const opened = await context.newPage();
    opened.on('console', (line) => {
      if (line.type() === 'error' || line.type() === 'warning') complaints.push(line.text());
    });
    opened.on('pageerror', (error) => complaints.push(error.message));
    await opened.goto(inbox.url);
    await opened.locator('.live').waitFor();
    return opened;
  }

  const deliver = (content: string, to = ['bob@example.com']): Promise<string> =>
    sendRaw({ port: inbox.smtpPort, from: 'bounces@cafe.example', to, content });
  const simple = (subject: string, to = 'bob@example.com'): Promise<string> =>
    deliver(`From: Ann <ann@example.com>\r\nTo: ${to}\r\nSubject: ${subject}\r\n\r\nHello\r\n`, [
      to,
    ]);
  const row = (text: string) => page.locator('.row', { hasText: text });
  const subjects = (): Promise<string[]> => page.locator('.row-subject').allTextContents();
  const shoot = (name: string): Promise<Buffer> =>
    page.screenshot({ path: `${pictures}${name}.png`, animations: 'disabled' });
  async function mailFrame(): Promise<Frame> {
    await page.locator('iframe').waitFor();
    await expect.poll(() => page.frames().length).toBe(2);
    return page.frames()[1] as Frame;
  }

  test('says where to send to while it is empty', async () => {
    const welcome = page.locator('.welcome');
    await expect.poll(() => welcome.textContent()).toContain(`127.0.0.1:${inbox.smtpPort}`);
    expect(await welcome.locator('pre').first().textContent()).toContain(
      `{ host: '127.0.0.1', port: ${inbox.smtpPort} }`,
    );
    expect(await page.title()).toBe('Posthorn inbox');
    await shoot('empty');
    expect(complaints).toEqual([]);
  });

  test('shows what arrives without being loaded again', async () => {
    await page.evaluate('window.sameDocument = true');
    await deliver(plain);
    await row('Re: Minutes of the harbour meeting').waitFor();
    for (const content of [arabic, japanese, hostile]) await deliver(content);
    for (let i = 1; i <= 6; i += 1)
      await simple(`Reset your password, ${i}`, `user${i}@example.com`);
    await deliver(receipt, ['bob@example.com', 'boss@example.com']);
    await row('Your receipt ☕ for order 4711').waitFor();
    await expect.poll(() => page.title()).toBe('(11) Posthorn inbox');
    expect(await page.evaluate('window.sameDocument')).toBe(true);
    await expect.poll(() => page.locator('#announcer').textContent()).toContain('Your receipt');
    await shoot('list');
    expect(complaints).toEqual([]);
  });

  test('opens HTML with its own picture, and nothing from elsewhere until asked', async () => {
    await deliver(receipt, ['bob@example.com', 'boss@example.com']);
    await row('receipt').click();
    const frame = await mailFrame();
    await frame.locator('h1').waitFor();
    expect(await frame.locator('h1').textContent()).toBe('Thank you, Bob!');
    const logo = frame.locator('img[alt="Café Müller"]');
    const widthOf = () => logo.evaluate((image) => (image as HTMLImageElement).naturalWidth);
    await expect.poll(() => logo.getAttribute('src')).toMatch(/\/parts\/5\?inline$/);
    await expect.poll(widthOf).toBe(72);
    expect(await frame.locator('table').getAttribute('width')).toBe('100%');
    expect(foreign).toEqual([]);
    expect(inbox.messages[0]?.read).toBe(true);
    await shoot('html');
    await page.emulateMedia({ colorScheme: 'dark' });
    await shoot('html-dark');
    await page.emulateMedia({ colorScheme: 'light' });

    await page.getByText('Load them').click();
    await expect.poll(() => foreign).toEqual(['https://tracker.example/open.gif']);
    expect(await page.locator('.notice').isHidden()).toBe(true);
  });

  test('shows the other views, and who got it without being named', async () => {
    await deliver(receipt, ['bob@example.com', 'boss@example.com']);
    await row('receipt').click();
    await page.getByRole('tab', { name: 'Text' }).click();
    expect(await page.locator('.text-body').textContent()).toContain('One flat white: 4.20 €');
    await page.getByRole('tab', { name: 'Headers' }).click();
    expect(await page.locator('.headers').textContent()).toContain('receipt-4711@cafe.example');
    await page.getByRole('tab', { name: 'Source' }).click();
    await expect.poll(() => page.locator('.source').textContent()).toContain('--mixed--');
    await page.getByRole('tab', { name: 'Parts' }).click();
    expect(await page.locator('.parts tbody tr').count()).toBe(8);
    expect(await page.locator('.chip.bcc').allTextContents()).toEqual(['Bccboss@example.com']);
    await shoot('parts');
    expect(complaints).toEqual([]);
  });

  test('downloads an attachment, octet for octet and by its name', async () => {
    await deliver(receipt);
    await row('receipt').click();
    const download = page.waitForEvent('download');
    await page.locator('.card', { hasText: '請求書' }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe('請求書 2026年11月.pdf');
    expect((await readFile(await file.path())).equals(receiptPdf)).toBe(true);
  });

  test('hostile HTML does nothing', async () => {
    await deliver(hostile);
    await row('free of charge').click();
    const frame = await mailFrame();
    await frame.locator('#harmless').waitFor();
    for (const link of await frame.locator('a').all()) {
      expect(await link.getAttribute('href')).toBeNull();
      await link.click();
    }
    expect(
      await frame.locator('script, form, button, iframe, object, base, meta, link, svg').count(),
    ).toBe(0);
    await page.waitForTimeout(300);
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(page.url()).toContain(inbox.url);
    expect(context.pages()).toHaveLength(1);
    expect(foreign).toEqual([]);
    expect(inbox.messages).toHaveLength(1);
  });

  test('the policy alone holds hostile HTML as well', async () => {
    await deliver(hostile);
    const { id } = inbox.messages[0] ?? { id: '' };
    await page.goto(`${inbox.url}/api/v1/messages/${id}/html`);
    // What is here is the mail as it came: script, refresh, form and all.
    expect(await page.locator('form button').count()).toBe(1);
    await page.locator('#js').click();
    await page.locator('form button').click();
    await page.waitForTimeout(500);
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(page.url()).toBe(`${inbox.url}/api/v1/messages/${id}/html`);
    expect(foreign).toEqual([]);
    expect(await page.evaluate('window.origin')).toBe('null');
  });

  test('is used by keys alone', async () => {
    for (const subject of ['one', 'two', 'three']) await simple(subject);
    await row('three').waitFor();
    const title = () => page.locator('.head h1').textContent();
    await page.keyboard.press('j');
    await expect.poll(title).toBe('three');
    await page.keyboard.press('j');
    await expect.poll(title).toBe('two');
    await page.keyboard.press('k');
    await expect.poll(title).toBe('three');
    await page.keyboard.press('Delete');
    await expect.poll(title).toBe('two');
    await expect.poll(subjects).toEqual(['two', 'one']);
    await page.keyboard.press('u');
    await expect.poll(() => page.locator('.row.unread').count()).toBe(2);
    await page.keyboard.press('/');
    await page.keyboard.type('subject:one');
    await expect.poll(subjects).toEqual(['one']);
    await page.keyboard.press('Escape');
    await expect.poll(subjects).toEqual(['two', 'one']);
    await page.keyboard.press('?');
    expect(await page.locator('dialog').getAttribute('open')).not.toBeNull();
    await shoot('keys');
    expect(complaints).toEqual([]);
  });

  test('finds by recipient, and deletes what was found after asking', async () => {
    for (const to of ['ann@example.com', 'bob@example.com', 'ann@example.com'])
      await simple(`for ${to}`, to);
    await page.locator('#recipients button', { hasText: 'ann@example.com' }).click();
    await expect.poll(subjects).toEqual(['for ann@example.com', 'for ann@example.com']);
    await page.locator('#remove-all').click();
    await page.locator('dialog').getByText('Delete', { exact: true }).click();
    await expect.poll(subjects).toEqual([]);
    expect(inbox.messages.map(({ subject }) => subject)).toEqual(['for bob@example.com']);
  });

  test('finds its way back when the inbox was gone', async () => {
    const { smtpPort, httpPort } = inbox;
    await inbox.close();
    await page.locator('.live.off').waitFor();
    inbox = await startInbox({ smtpPort, httpPort });
    await simple('after the pause');
    await row('after the pause').waitFor({ timeout: 10_000 });
    await page.locator('.live:not(.off)').waitFor();
  });

  test('every tab hears of it, though only one listens', async () => {
    const second = await openPage();
    await simple('for both');
    for (const tab of [page, second]) await tab.locator('.row', { hasText: 'for both' }).waitFor();
    await page.close();
    await second.locator('.live:not(.off)').waitFor();
    await simple('for the one that is left');
    await second.locator('.row', { hasText: 'for the one that is left' }).waitFor();
  });

  test('a message has an address of its own, and Back leads to the list', async () => {
    await deliver(arabic);
    await row('العشاء').click();
    await page.locator('.head h1').waitFor();
    const address = page.url();
    expect(address).toBe(`${inbox.url}/#/${inbox.messages[0]?.id}`);
    await page.reload();
    expect(await page.locator('.head h1').textContent()).toBe('دعوة إلى حفل العشاء');
    const text = page.locator('.text-body pre');
    expect(await text.evaluate((node) => getComputedStyle(node).direction)).toBe('rtl');
    await shoot('right-to-left');
  });

  test('fits a phone', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    for (const content of [plain, arabic, japanese, receipt]) await deliver(content);
    await row('receipt').waitFor();
    await shoot('phone-list');
    await row('receipt').click();
    await (await mailFrame()).locator('h1').waitFor();
    expect(await page.locator('.list-pane').isVisible()).toBe(false);
    await shoot('phone-message');
    const wide = 'document.documentElement.scrollWidth > innerWidth';
    expect(await page.evaluate(wide)).toBe(false);
    await page.goBack();
    await row('receipt').waitFor();
    expect(complaints).toEqual([]);
  });

  test('everything that can be pressed has a name', async () => {
    await deliver(receipt);
    await row('receipt').click();
    await (await mailFrame()).locator('h1').waitFor();
    const nameless = await page.evaluate(`[...document.querySelectorAll('button, a, input')]
      .filter((node) => !(node.textContent.trim() || node.getAttribute('aria-label')))
      .map((node) => node.outerHTML)`);
    expect(nameless).toEqual([]);
  });
});
