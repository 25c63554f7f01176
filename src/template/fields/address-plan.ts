// Address fields of a template.
import { InvalidAddressError } from '../../base/index.ts';
import { MailAddress, MailGroup, parseAddressList } from '../../mime/index.ts';
import type { AddressTemplate } from '../message-template.ts';
import type { Syntax } from '../text-template.ts';
import { mailbox, readAddressText } from './address-text.ts';
import { type FieldPlan, fixed, linePlan, listPlan, mapped } from './field-plan.ts';

type Addresses = (MailAddress | MailGroup)[];

/** The addresses of a field; `name` tells it in errors. */
export function addressPlan(
  syntax: Syntax,
  template: AddressTemplate,
  name: string,
): FieldPlan<Addresses> {
  if (typeof template === 'string') return textAddressPlan(syntax, template, name);
  if (template instanceof MailAddress || template instanceof MailGroup) return fixed([template]);
  if (isList(template)) {
    const plans = template.map((item, index) => addressPlan(syntax, item, `${name}[${index}]`));
    return mapped(listPlan(plans), (lists) => lists.flat());
  }
  if (typeof template !== 'object' || template === null)
    return fixed(parseAddressList(template, name));
  const parts = [
    linePlan(syntax, String(template.address), `${name}.address`),
    linePlan(syntax, String(template.name ?? ''), `${name}.name`),
  ];
  return mapped(listPlan(parts), ([address = '', shown = '']) =>
    named(name, () => mailbox(address, shown)),
  );
}

const isList = (template: AddressTemplate): template is readonly AddressTemplate[] =>
  Array.isArray(template);

function textAddressPlan(syntax: Syntax, text: string, name: string): FieldPlan<Addresses> {
  const template = syntax.compile(text, name, 'address');
  if (template.isStatic) return fixed(parseAddressList(text, name));
  return {
    isStatic: false,
    fields: () => template.fields(),
    fill: (env) => {
      const filled = template.fill(env);
      return filled instanceof Promise
        ? filled.then((ready) => readAddressText(ready, env.slots, name))
        : readAddressText(filled, env.slots, name);
    },
  };
}

function named<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InvalidAddressError)) throw error;
    const { code, message, input, position } = error;
    throw new InvalidAddressError(code, `${name}: ${message}`, input, position, { cause: error });
  }
}
