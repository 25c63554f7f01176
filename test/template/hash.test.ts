// The hash syntax: #Field#, #Routine(args)#, and everything else with a # in it.
import { TemplateEngine } from 'posthorn/template';
import { describe, expect, test } from 'vitest';

const textOf = async (
  text: string,
  row: Record<string, unknown>,
  options: ConstructorParameters<typeof TemplateEngine>[1] = {},
): Promise<string | undefined> => {
  const engine = new TemplateEngine({ to: 'a@example.com', text }, { syntax: 'hash', ...options });
  return (await engine.merge(row)).text;
};

describe('fields', () => {
  test.each([
    ['Hello #Name#!', 'Hello Ann!'],
    ['##Name##', '#Ann#'],
    ['C# and F# are #Name#', 'C# and F# are Ann'],
    ['Nr. #1 of #2, # alone #', 'Nr. #1 of #2, # alone #'],
    ['color:#fff;background:#000', 'color:#fff;background:#000'],
    ['#outlook a{padding:0} #Name#', '#outlook a{padding:0} Ann'],
    ['#hashtag and #Name#', '#hashtag and Ann'],
    ['#First Name# #some words#', 'Bo #some words#'],
    ['#order.total# #a.b#', '12 9'],
    ['#Name', '#Name'],
    ['#Name(#', '#Name(#'],
    ['{{ Name }}', '{{ Name }}'],
    ['#Größe#', 'XL'],
  ])('%s', async (text, expected) => {
    const row = { Name: 'Ann', 'First Name': 'Bo', order: { total: 12 }, 'a.b': 9, Größe: 'XL' };
    expect(await textOf(text, row)).toBe(expected);
  });

  test('are found by their exact name only', async () => {
    await expect(textOf('x\n #name#', { Name: 'Ann' })).rejects.toMatchObject({
      code: 'TEMPLATE_FIELD_MISSING',
      message:
        "text:2:2: the row has no field 'name'; did you mean 'Name'? Or set missing: 'blank'",
    });
    expect(await textOf('#name# #Names#', { Name: 'Ann' }, { missing: 'keep' })).toBe(
      '#name# #Names#',
    );
    expect(await textOf('<#name#>', { Name: 'Ann' }, { missing: 'blank' })).toBe('<>');
    expect(await textOf('#constructor##toString#', {}, { missing: 'blank' })).toBe('');
  });

  test('are told', () => {
    const engine = new TemplateEngine(
      { to: '#Email#', subject: '#Up(Name, Low(City))#', html: '#Name# #raw(Bio)#' },
      { syntax: 'hash', routines: { Up: String, Low: String } },
    );
    expect(engine.fields()).toEqual(['Email', 'Name', 'City', 'Bio']);
  });
});

describe('routines', () => {
  const routines = {
    Price: (amount: number, currency: string) => `${amount} ${currency}`,
    Later: async (value: unknown) => `later ${value}`,
    Where: function (this: { readonly locale: string; readonly row: object }): string {
      return `${this.locale} ${Object.keys(this.row).join()}`;
    },
    Fail: () => {
      throw new Error('no stock');
    },
  };

  test.each([
    ["#Price(n, 'EUR')#", '12 EUR'],
    ['#Price( n , "a, (b)#" )#', '12 a, (b)#'],
    ['#Price(1.5, true)#', '1.5 true'],
    ['#Price(Price(n, 1), Later(2))#', '12 1 later 2'],
    ['#Later(n)# and #n#', 'later 12 and 12'],
    ['#Where()#', 'de n'],
    ["#format_money(n, 'EUR')#", '12,00 €'],
  ])('%s', async (text, expected) => {
    const filled = await textOf(text, { n: 12 }, { routines, locale: 'de' });
    expect(filled?.replaceAll('\u00a0', ' ')).toBe(expected);
  });

  test('that are not there or are written wrong are told at once', () => {
    const make = (text: string) => () => new TemplateEngine({ text }, { syntax: 'hash', routines });
    expect(make('a #Nosuch(n)#')).toThrow(
      "text:1:3: there is no routine 'Nosuch'; correct its name, or give it in routines",
    );
    expect(make("#Price('a' n)#")).toThrow(
      "text:1:12: expected ',' or ')' between the arguments; write #Routine(Field, 'text', 12)#",
    );
    expect(make('#Price(,)#')).toThrow(
      "text:1:8: an argument is a field, a number, 'text', or another call; write #Routine(Field, 'text', 12)#",
    );
  });

  test('that fail tell where', async () => {
    await expect(textOf('#Fail()#', {}, { routines })).rejects.toMatchObject({
      code: 'TEMPLATE_FAILED',
      message: "text:1:1: the routine 'Fail' failed: no stock; correct the routine or the value",
    });
  });

  test('calls inside each other without end are refused', () => {
    const text = `#${'Price('.repeat(80)}n${')'.repeat(80)}#`;
    expect(() => new TemplateEngine({ text }, { syntax: 'hash', routines })).toThrow(
      expect.objectContaining({ name: 'LimitError', limit: 'templateDepth' }),
    );
  });
});

test('HTML is escaped but for raw', async () => {
  const engine = new TemplateEngine(
    { to: 'a@example.com', html: '#a##raw(a)#', subject: '#raw(a)#' },
    { syntax: 'hash' },
  );
  const message = await engine.merge({ a: '<b>' });
  expect(message.html).toBe('&lt;b&gt;<b>');
  expect(message.subject).toBe('<b>');
});

test('what it writes is bounded', async () => {
  await expect(
    textOf('#a##a#', { a: 'x'.repeat(60) }, { limits: { templateOutput: 100 } }),
  ).rejects.toMatchObject({
    limit: 'templateOutput',
    message: "What 'text' writes is over the limit 'templateOutput' of 100",
  });
});

test('text full of hashes and brackets is read in time', () => {
  const started = performance.now();
  new TemplateEngine({ text: '#a('.repeat(10_000) + '#a '.repeat(50_000) }, { syntax: 'hash' });
  expect(performance.now() - started).toBeLessThan(5_000);
});
