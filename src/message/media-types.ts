// Content types from file names and back. The table is media-types.data.ts.
import { mediaTypes } from './media-types.data.ts';

/** The type of content that nothing is known about (RFC 2046 section 4.5.1). */
export const octetStream = 'application/octet-stream';

let byExtension: Map<string, string> | undefined;

/** The media type that a file name's extension stands for; `application/octet-stream` when it stands for none. */
export function mediaTypeOf(filename: string): string {
  byExtension ??= new Map(
    mediaTypes.flatMap(([type, extensions]) =>
      extensions.split(' ').map((extension): [string, string] => [extension, type]),
    ),
  );
  const dot = filename.lastIndexOf('.');
  if (dot < 0) return octetStream;
  return byExtension.get(filename.slice(dot + 1).toLowerCase()) ?? octetStream;
}

/** The usual extension of a media type, without the dot; `undefined` when the table has none. */
export function extensionOf(mediaType: string): string | undefined {
  return mediaTypes.find(([type]) => type === mediaType)?.[1].split(' ')[0];
}
