// Made by tools/build-quoted-printable-kernel.mjs; change the tool, not this file.

/** Octets the kernel takes at once. */
export const INPUT_BYTES: number = 327680;
/** Where the kernel reads. */
export const INPUT_ADDRESS: number = 512;
/** Where the kernel writes. */
export const OUTPUT_ADDRESS: number = 328256;
/** Where it is told how many octets there are to look at, a number of 32 bits. */
export const LENGTH_ADDRESS: number = 260;
/** Where it tells how many of the octets it wrote are settled, a number of 32 bits. */
export const SETTLED_ADDRESS: number = 256;

/** The WebAssembly module, in base64. */
export const KERNEL: string =
  'AGFzbQEAAAABBgFgAX8BfwMCAQAFBAEBCwsHEwIGbWVtb3J5AgAGZGVjb2RlAAAKqgQBpwQCBn8BewJAA0AgASAATw' +
  '0BIAIgAf0AAIAEIgf9CwDAhBQgB/0MPT09PT09PT09PT09PT09Pf0jIAf9DAoKCgoKCgoKCgoKCgoKCgr9I/1Q/WQi' +
  'BEUEQCABQRBqIQEgAkEQaiECDAELIARoIgQgAWohASAEIAJqIQIgASAATw0BIAEtAIAEQQpGBEAgAiEFIAIgA0sEQC' +
  'ACQQFrLQDAhBRBDUYEQCACQQFrIQULCyAFIQQCQANAIAQgA0tFDQEgBEEBay0AwIQUIQYgBkEgRiAGQQlGckUNASAE' +
  'QX9qIQQMAAsLIAQgBUkEQCAFIAJJBEAgBEENOgDAhBQgBEEBaiECBSAEIQILCyACQQo6AMCEFCACQQFqIQIgAUEBai' +
  'EBDAELA0AgAS0AgQQtAAAiBCABLQCCBC0AACIFckEQSQRAIAIgBEEEdCAFcjoAwIQUIAJBAWohAiABQQNqIQEgAiED' +
  'IAEgAE8NAiABLQCABEE9Rg0BDAILCyABQQFqIQUCQANAIAUtAIAEIQYgBkEgRiAGQQlGckUNASAFQQFqIQUMAAsLIA' +
  'IhAyAFQYQCKAIATwRAIAUhAQwBCyAGQQpGBEAgBUEBaiEBDAELIAZBDUYEQCAFQQFqIQEgAS0AgARBCkYgAUGEAigC' +
  'AElxBEAgAUEBaiEBCwwBCyACQT06AMCEFCACQQFqIQIgAiEDIAFBAWohAQwACwtBgAIgAzYCACACIAEgAGtrCw==';
