import { el } from './dom.js';

/**
 * @typedef {object} Tab
 * @property {string} name
 * @property {string} title
 * @property {string} [count]
 * @property {() => Node} view made when the tab is first opened
 */

/**
 * Tabs after the pattern of the ARIA practices: arrow keys move, only the chosen one is in the order.
 * @param {readonly Tab[]} tabs
 * @param {string} chosen
 * @param {(name: string) => void} onChoose
 * @returns {{ element: HTMLElement, choose: (name: string) => void }}
 */
export function tabsView(tabs, chosen, onChoose) {
  const panel = el('div', { class: 'panel', role: 'tabpanel', id: 'panel' });
  /** @type {Map<string, Node>} */
  const views = new Map();
  const buttons = tabs.map(({ name, title, count }) =>
    el(
      'button',
      {
        type: 'button',
        role: 'tab',
        id: `tab-${name}`,
        'aria-controls': 'panel',
        onclick: () => choose(name),
      },
      title,
      count && el('span', { class: 'tab-count' }, count),
    ),
  );
  const choose = (/** @type {string} */ name) => {
    const place = tabs.findIndex((tab) => tab.name === name);
    const tab = tabs[place];
    if (!tab) return;
    for (const [index, button] of buttons.entries()) {
      button.setAttribute('aria-selected', String(index === place));
      button.tabIndex = index === place ? 0 : -1;
    }
    const view = views.get(name) ?? tab.view();
    views.set(name, view);
    panel.replaceChildren(view);
    panel.setAttribute('aria-labelledby', `tab-${name}`);
    onChoose(name);
  };
  const list = el(
    'div',
    {
      class: 'tabs',
      role: 'tablist',
      'aria-label': 'Views of the message',
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
        if (step === 0) return;
        const from = buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
        const next = buttons[(from + step + buttons.length) % buttons.length];
        next?.focus();
        next?.click();
      },
    },
    ...buttons,
  );
  choose(chosen);
  return { element: el('div', { class: 'views' }, list, panel), choose };
}
