// Building nodes: text is always set as text, so nothing of a mail can become markup here.

/** @typedef {Node | string | null | undefined | false} Child */

/**
 * An element with its attributes and children. `class`, `title`, … are attributes; `onclick` and the
 * like are listeners; `undefined`, `false` leave an attribute out and `true` sets it empty.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, unknown>} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (typeof value === 'function') {
      element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    } else {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
  element.append(...present(children));
  return element;
}

/**
 * @param {readonly Child[]} children
 * @returns {(Node | string)[]}
 */
function present(children) {
  return /** @type {(Node | string)[]} */ (
    children.filter((child) => child !== null && child !== undefined && child !== false)
  );
}

/**
 * An icon of the page's own set.
 * @param {string} name
 * @returns {SVGSVGElement}
 */
export function icon(name) {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  const use = document.createElementNS(space, 'use');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  use.setAttribute('href', `#i-${name}`);
  svg.append(use);
  return svg;
}

/**
 * A button that shows only an icon.
 * @param {string} name
 * @param {string} label
 * @param {() => void} onclick
 * @param {string} [keys]
 */
export function iconButton(name, label, onclick, keys) {
  const title = keys ? `${label} (${keys})` : label;
  return el(
    'button',
    { class: 'tool', type: 'button', title, 'aria-label': label, onclick },
    icon(name),
  );
}

/**
 * The element with this id; the page has it.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no #${id}`);
  return element;
}

/**
 * A button that copies a text and says so.
 * @param {string} text
 * @param {string} label
 */
export function copyButton(text, label) {
  const button = iconButton('copy', label, () => {
    void navigator.clipboard?.writeText(text).then(() => {
      button.replaceChildren(icon('done'));
      button.classList.add('done');
      setTimeout(() => {
        button.replaceChildren(icon('copy'));
        button.classList.remove('done');
      }, 1500);
    });
  });
  return button;
}
