// The error for a field that a row doesn't have, the same in both syntaxes.
import { printable, TemplateError, type TemplatePlace } from '../base/index.ts';
import type { Row } from './text-template.ts';

/** The error for a field that the row doesn't have. */
export function missingFieldError(
  field: string,
  place: Omit<TemplatePlace, 'field'>,
  row: Row,
): TemplateError {
  const near = nearest(field, Object.keys(row));
  const cure =
    near === undefined ? 'add it to the row, or' : `did you mean '${printable(near, 80)}'? Or`;
  return new TemplateError(
    'TEMPLATE_FIELD_MISSING',
    `the row has no field '${printable(field, 80)}'; ${cure} set missing: 'blank'`,
    { ...place, field },
  );
}

function nearest(name: string, names: readonly string[]): string | undefined {
  const plain = (text: string): string => text.toLowerCase().replace(/[\s_.-]+/g, '');
  return names.find((other) => other !== name && plain(other) === plain(name));
}
