// The elements that mail is made of, and how they end.

const words = (text: string): string[] => text.split(' ');
const set = (text: string): ReadonlySet<string> => new Set(words(text));

/** Elements that may stand in quoted HTML; of all others only the content is kept. */
export const knownElements: ReadonlySet<string> = set(
  'a abbr acronym address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd ' +
    'del details dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hgroup hr i img ins kbd ' +
    'li main map area mark menu nav ol p pre q rp rt ruby s samp section small span strike strong sub summary ' +
    'sup table tbody td tfoot th thead time tr tt u ul var wbr',
);

/** Elements without content. */
export const voidElements: ReadonlySet<string> = set('area br col hr img wbr');

/** Elements that end a paragraph before them. */
const blocks =
  'address article aside blockquote center details div dl figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup ' +
  'hr main menu nav ol p pre section table ul';

/** Which open elements a new one ends (HTML section 13.1.2.4). */
export const impliedEnds: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ...words(blocks).map((name): [string, ReadonlySet<string>] => [name, set('p')]),
  ['li', set('li p')],
  ['dt', set('dt dd p')],
  ['dd', set('dt dd p')],
  ['tr', set('tr td th p caption colgroup')],
  ['td', set('td th p')],
  ['th', set('td th p')],
  ['thead', set('caption colgroup')],
  ['tbody', set('tr td th p thead tbody tfoot caption colgroup')],
  ['tfoot', set('tr td th p thead tbody caption colgroup')],
]);

/** Elements that hold their content in: what is inside ends nothing outside. */
export const scopes: ReadonlySet<string> = set('td th caption table');

/** Elements of tables, which end across cells. */
export const tableElements: ReadonlySet<string> = set('table thead tbody tfoot tr td th caption');

/** How elements are written for the converter to text: blocks as those it knows, the rest only by their content. */
export const textElements: ReadonlyMap<string, string> = new Map([
  ...words('a blockquote br h1 h2 h3 h4 h5 h6 hr li ol p pre ul').map(
    (name) => [name, name] as const,
  ),
  ...words(
    'address article aside caption center dd details div dl dt figcaption figure footer form header hgroup main menu ' +
      'nav section summary table tr',
  ).map((name) => [name, 'div'] as const),
  // Cells: what is in them is set off by a blank.
  ['td', ''],
  ['th', ''],
]);
