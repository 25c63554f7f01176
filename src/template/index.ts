/**
 * Mail merge: messages from a template and rows of data.
 * @module
 */
export {};
