// Made by tools/build-base64-decode-kernel.mjs; change the tool, not this file.

/** Octets the kernel takes at once. */
export const INPUT_BYTES: number = 262144;
/** Where the kernel reads. */
export const INPUT_ADDRESS: number = 512;
/** Where the kernel writes. */
export const OUTPUT_ADDRESS: number = 262720;
/** Octets it can write. */
export const OUTPUT_BYTES: number = 196611;
/** The letters of a group that is not complete, six bits each; this and the next are numbers of 32 bits. */
export const BITS_ADDRESS: number = 256;
/** How many letters these are. */
export const COUNT_ADDRESS: number = 260;

/** The WebAssembly module, in base64. */
export const KERNEL: string =
  'AGFzbQEAAAABBgFgAX8BfwMCAQAFBAEBCAgHEwIGbWVtb3J5AgAGZGVjb2RlAAAKiQQBhgQCBX8Ee0GAAigCACEDQY' +
  'QCKAIAIQQCQANAIAEgAE8NASAERQRAIAH9AACABCEGIAZBBP1tIQn9DBURERERERERERETGhsbGxogBv0MDw8PDw8P' +
  'Dw8PDw8PDw8PD/1O/Q79DBAQAQIECAQIEBAQEBAQEBAgCf0O/U79DAAAAAAAAAAAAAAAAAAAAAD9IyEI/QwAEBMEv7' +
  '+5uQAAAAAAAAAAIAb9DC8vLy8vLy8vLy8vLy8vLy/9IyAJ/W79DiAG/W4hByACIAf9DP8A/wD/AP8A/wD/AP8A/wD9' +
  'TkEG/YsBIAdBCP2NAf1QIQcgB/0M//8AAP//AAD//wAA//8AAP1OQQz9qwEgB0EQ/a0B/VD9DAIBAAYFBAoJCA4NDP' +
  '/////9Dv0LAMCEECAI/WQiBUH//wNGBEAgAUEQaiEBIAJBDGohAgwCCyAFQX9zaEECdiIFBEAgASAFQQRsaiEBIAIg' +
  'BUEDbGohAgwCCwsgAS0AgAQtAAAiBUH/AUYEQANAIAFBAWohASABIABPDQMgAS0AgAQtAAAiBUH/AUYNAAsMAQsgAU' +
  'EBaiEBIANBBnQgBXIhAyAEQQFqIgRBBEZFDQAgAiADQRB2OgDAhBAgAiADQQh2OgDBhBAgAiADOgDChBAgAkEDaiEC' +
  'QQAhA0EAIQQMAAsLQYACIAM2AgBBhAIgBDYCACACCw==';
