// Made by tools/build-line-kernel.mjs; change the tool, not this file.

/** Octets the kernel takes at once. */
export const INPUT_BYTES: number = 262144;
/** Where the kernel writes; it reads from address 0. */
export const OUTPUT_ADDRESS: number = 262208;
/** Octets it can write. */
export const OUTPUT_BYTES: number = 524288;

/** The WebAssembly module, in base64. */
export const KERNEL: string =
  'AGFzbQEAAAABBgFgAX8BfwMCAQAFBAEBDQ0HEwIGbWVtb3J5AgAGZXhwYW5kAAAKgwEBgAECA38BewJAA0AgASAATw' +
  '0BIAIgAf0AAAAiBP0LAMCAECAE/QwKCgoKCgoKCgoKCgoKCgoK/SP9ZCIDRQRAIAFBEGohASACQRBqIQIMAQsgA2gh' +
  'AyACIANqIgJBjRQ7AMCAECACQQJqIQIgASADQQFqaiEBDAALCyACIAEgAGtrCw==';
