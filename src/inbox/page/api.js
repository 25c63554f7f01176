// The HTTP API as functions.

/** @import { InfoJson, MessageDetailJson, MessageListJson, RecipientsJson } from '../http/api-types.ts' */

const SOURCE_BYTES = 524_288;

/**
 * @param {string} path
 * @param {RequestInit} [init]
 * @returns {Promise<Response>}
 */
async function request(path, init) {
  const response = await fetch(path, init);
  if (response.ok) return response;
  const detail = await response.json().catch(() => undefined);
  throw new Error(detail?.error?.message ?? `The inbox answered ${response.status}`);
}

/**
 * @param {string} query
 * @param {Record<string, string | number>} [more]
 */
function messagesPath(query, more = {}) {
  const parameters = new URLSearchParams();
  if (query) parameters.set('q', query);
  for (const [name, value] of Object.entries(more)) parameters.set(name, String(value));
  const text = parameters.toString();
  return `/api/v1/messages${text ? `?${text}` : ''}`;
}

/** @returns {Promise<InfoJson>} */
export async function getInfo() {
  return (await request('/api/v1/info')).json();
}

/** @returns {Promise<RecipientsJson>} */
export async function getRecipients() {
  return (await request('/api/v1/recipients')).json();
}

/**
 * @param {string} query
 * @param {number} offset
 * @param {number} limit
 * @returns {Promise<MessageListJson>}
 */
export async function listMessages(query, offset, limit) {
  return (await request(messagesPath(query, { offset, limit }))).json();
}

/**
 * @param {string} id
 * @returns {Promise<MessageDetailJson>}
 */
export async function getMessage(id) {
  return (await request(`/api/v1/messages/${encodeURIComponent(id)}`)).json();
}

/** @param {string} id */
export async function removeMessage(id) {
  await request(`/api/v1/messages/${encodeURIComponent(id)}`, { method: 'DELETE' });
}

/** @param {string} query */
export async function removeMessages(query) {
  await request(messagesPath(query), { method: 'DELETE' });
}

/**
 * @param {string} id
 * @param {boolean} read
 */
export async function markMessage(id, read) {
  await mark(`/api/v1/messages/${encodeURIComponent(id)}`, read);
}

/** @param {string} query */
export async function markMessagesRead(query) {
  await mark(messagesPath(query), true);
}

/**
 * @param {string} path
 * @param {boolean} read
 */
async function mark(path, read) {
  const headers = { 'Content-Type': 'application/json' };
  await request(path, { method: 'PATCH', headers, body: JSON.stringify({ read }) });
}

/**
 * @param {string} url
 * @returns {Promise<string>}
 */
export async function getText(url) {
  return (await request(url)).text();
}

/**
 * The beginning of a message as it came; `whole` tells whether that is all.
 * @param {string} url
 * @returns {Promise<{ text: string, whole: boolean }>}
 */
export async function getSource(url) {
  const response = await request(url);
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  while (reader) {
    const { done, value } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
    bytes += value.length;
    if (bytes >= SOURCE_BYTES) {
      await reader.cancel();
      return { text, whole: false };
    }
  }
  return { text: text + decoder.decode(), whole: true };
}
