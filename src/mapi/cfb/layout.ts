// Numbers of the compound file format that reader and writer share. [MS-CFB] sections 2.1, 2.2, 2.6.

/** The first eight octets of every compound file. */
export const SIGNATURE = 'd0cf11e0a1b11ae1';
/** Octets of the header; in version 4 the rest of its sector is zero. */
export const HEADER_BYTES = 512;
/** FAT sectors that the header has room to name; the others are named by DIFAT sectors. */
export const HEADER_DIFAT = 109;
/** Octets of a sector of the mini stream. */
export const MINI_SECTOR_BYTES = 64;
/** Streams shorter than this are in the mini stream. */
export const MINI_CUTOFF = 4096;
/** Octets of a directory entry. */
export const ENTRY_BYTES = 128;
/** UTF-16 units of a name, without the NUL. */
export const NAME_UNITS = 31;

/** A FAT entry: this sector belongs to the DIFAT. */
export const DIFAT_SECTOR = 0xffff_fffc;
/** A FAT entry: this sector belongs to the FAT. */
export const FAT_SECTOR = 0xffff_fffd;
/** A FAT entry: the last sector of a chain. */
export const END_OF_CHAIN = 0xffff_fffe;
/** A FAT entry: nothing is here. */
export const FREE_SECTOR = 0xffff_ffff;
/** Sector numbers end before this one. */
export const MAX_SECTOR = 0xffff_fffa;
/** No directory entry. */
export const NO_ENTRY = 0xffff_ffff;

/** What a directory entry is. */
export const EntryType = { storage: 1, stream: 2, root: 5 } as const;
