// The tree of a calendar: components with properties and components. It keeps everything that was read, in order.
import { foldLine, type Parameter, Property, writeContentLine } from './content-line.ts';

/** A component (RFC 5545 section 3.6), such as VCALENDAR, VEVENT or one that nobody knows. */
export class Component {
  /** The name in upper case. */
  readonly name: string;
  /** The properties, in order. */
  properties: Property[] = [];
  /** The components inside, in order. */
  components: Component[] = [];

  constructor(name: string) {
    this.name = name;
  }

  /** The first property of a name in upper case. */
  first(name: string): Property | undefined {
    return this.properties.find((property) => property.name === name);
  }

  /** Every property of a name in upper case. */
  all(name: string): Property[] {
    return this.properties.filter((property) => property.name === name);
  }

  /** The value of the first property of a name, as it is written. */
  value(name: string): string | undefined {
    return this.first(name)?.value;
  }

  /** Puts a property in the place of all that have its name. */
  set(name: string, value: string, parameters: readonly Parameter[] = []): void {
    this.replace(name, [new Property(name, value, parameters)]);
  }

  /** Puts properties in the place of all that have the name; none removes them. */
  replace(name: string, properties: readonly Property[]): void {
    const at = this.properties.findIndex((property) => property.name === name);
    const others = this.properties.filter((property) => property.name !== name);
    others.splice(at < 0 ? others.length : Math.min(at, others.length), 0, ...properties);
    this.properties = others;
  }

  /** Adds a property at the end. */
  add(name: string, value: string, parameters: readonly Parameter[] = []): void {
    this.properties.push(new Property(name, value, parameters));
  }

  /** The components inside that have a name. */
  inside(name: string): Component[] {
    return this.components.filter((component) => component.name === name);
  }

  /** A copy that shares only what is immutable. */
  clone(): Component {
    const copy = new Component(this.name);
    copy.properties = [...this.properties];
    copy.components = this.components.map((component) => component.clone());
    return copy;
  }

  /** The component as it is written to a file: CRLF, folded at 75 octets. */
  toString(): string {
    const lines: string[] = [];
    this.#write(lines);
    return lines.join('');
  }

  #write(lines: string[]): void {
    lines.push(`BEGIN:${this.name}\r\n`);
    for (const property of this.properties) lines.push(foldLine(writeContentLine(property)));
    for (const component of this.components) component.#write(lines);
    lines.push(`END:${this.name}\r\n`);
  }
}
