// Live updates by Server-Sent Events. A browser opens at most six connections to one server, all tabs
// together, so only one tab listens (the one that holds the lock) and tells the others.

const NAMES = /** @type {const} */ (['hello', 'added', 'removed', 'changed']);

/** @typedef {(typeof NAMES)[number]} EventName */

/**
 * Calls `onEvent` for all that happens at the inbox, and `onLive` when the connection comes or goes.
 * `hello` means: a new connection, something may have been missed.
 * @param {(name: EventName, data: any) => void} onEvent
 * @param {(live: boolean) => void} onLive
 */
export function watchInbox(onEvent, onLive) {
  const channel = new BroadcastChannel('posthorn-inbox');
  let live = false;
  let leads = false;

  /** @param {boolean} now */
  const setLive = (now) => {
    live = now;
    onLive(now);
    channel.postMessage({ live: now });
  };
  const lead = () => {
    leads = true;
    const source = new EventSource('/api/v1/events');
    source.addEventListener('error', () => {
      setLive(false);
      // The browser tries again by itself unless the answer was no stream at all.
      if (source.readyState === EventSource.CLOSED) setTimeout(lead, 2000);
    });
    for (const name of NAMES) {
      source.addEventListener(name, (event) => {
        const data = JSON.parse(event.data);
        if (name === 'hello') setLive(true);
        onEvent(name, data);
        channel.postMessage({ name, data });
      });
    }
  };

  channel.addEventListener('message', ({ data }) => {
    if (data.ask) {
      if (leads) channel.postMessage({ live });
    } else if (data.name) onEvent(data.name, data.data);
    else onLive(data.live);
  });
  channel.postMessage({ ask: true });

  if (navigator.locks) {
    void navigator.locks.request('posthorn-inbox', () => {
      lead();
      return new Promise(() => {});
    });
  } else {
    lead();
  }
}
