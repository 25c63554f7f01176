/**
 * Outlook's data: MAPI properties (MS-OXPROPS, MS-OXCDATA), compound files (MS-CFB), MSG and OFT files (MS-OXMSG), TNEF
 * (MS-OXTNEF), compressed RTF and HTML in RTF (MS-OXRTFCP, MS-OXRTFEX). Bytes in, bytes out: no wire, no disk.
 * @module
 */
export {};
