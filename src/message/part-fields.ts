// The header fields of a part: what it is, what it is called, how it is shown. A part that was read may say anything, so
// that what can't be written is left out here; what a caller gives was checked before.
import {
  type HeaderField,
  type HeaderOptions,
  parameterField,
  rawField,
  unstructuredField,
} from '../mime/index.ts';
import type { Disposition, Part } from './part.ts';

// Readers disagree on which name they look at, so the file name goes out twice: as RFC 2231 filename
// and as RFC 2047 name.
/** The fields of a part, but for its encoding. */
export function partFields(part: Part, disposition: Disposition, o: HeaderOptions): HeaderField[] {
  const { cid, description, type } = part;
  const filename = part.filename && inOneLine(part.filename);
  const name: Parameters = filename === undefined ? [] : [['name', filename]];
  const file: Parameters = filename === undefined ? [] : [['filename', filename]];
  const [value, parameters] = writableType(type);
  const written = parameters.filter(([other]) => other !== 'name' || filename === undefined);
  const fields = [
    parameterField('Content-Type', value, [...written, ...name], o),
    parameterField('Content-Disposition', disposition, file, o),
  ];
  if (cid !== undefined && CONTENT_ID.test(cid)) fields.push(rawField('Content-ID', `<${cid}>`));
  if (description !== undefined) {
    fields.push(unstructuredField('Content-Description', inOneLine(description), o));
  }
  return fields;
}

type Parameters = readonly (readonly [name: string, value: string])[];

const TYPE = /^[\w!#$&+.^-]+\/[\w!#$&+.^-]+$/;
const PARAMETER_NAME = /^[\w!#$&+.^-]+$/;
// As a caller may give it: see part.ts, which is loaded later.
const CONTENT_ID = /^[!-;=?-~]{1,900}$/;
const BREAKS = /[\0\r\n]+/g;

const inOneLine = (text: string): string => text.replace(BREAKS, ' ');

/** A type with its parameters; what is none, or says that there are parts inside, is only octets. */
function writableType({ type, parameters }: Part['type']): [type: string, parameters: Parameters] {
  if (!TYPE.test(type) || type.startsWith('multipart/')) return ['application/octet-stream', []];
  const kept = [...parameters].filter(([name]) => PARAMETER_NAME.test(name));
  return [type, kept.map(([name, value]) => [name, inOneLine(value)])];
}
