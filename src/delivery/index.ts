/**
 * Other roads for a message than SMTP, each a `Transport`, and the outbox: a durable queue.
 * @module
 */
export {};
