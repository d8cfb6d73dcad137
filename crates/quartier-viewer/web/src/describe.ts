import type { Properties, Property, Schema } from './model';

/** One line of what is known about an object. */
export interface Row {
  name: string;
  label: string;
  /** Undefined where the object has no value. */
  value?: string;
  unit?: string;
  /** The code itself, where the value is a code's text. */
  code?: string;
  href?: string;
}

export interface Words {
  language: string;
  yes: string;
  no: string;
}

/** UCUM codes that are not written as people write them. */
const UNITS: Record<string, string> = { Cel: '°C', deg: '°', 'dB(A)': 'dB(A)', a: 'a', '1': '' };

/** All properties: those of the schema in its order, then what the schema does not name. */
export function describe(properties: Properties, schema: Schema, words: Words): Row[] {
  const known = Object.keys(schema.properties ?? {}).filter((name) => name in properties);
  const others = Object.keys(properties).filter((name) => !known.includes(name));
  return [...known, ...others].map((name) =>
    row(name, properties[name], schema.properties?.[name] ?? {}, words),
  );
}

function row(name: string, value: unknown, property: Property, words: Words): Row {
  const label = property.title ?? name;
  if (value === null || value === undefined) return { name, label };
  const title = codeTitle(value, property);
  if (title) return { name, label, value: title, code: String(value) };
  const unit = unitOf(property);
  const href = typeof value === 'string' && /^https?:\/\/\S+$/.test(value) ? value : undefined;
  return {
    name,
    label,
    value: written(value, property, words),
    ...(unit && { unit }),
    ...(href && { href }),
  };
}

function codeTitle(value: unknown, property: Property): string | undefined {
  return property.oneOf?.find((code) => String(code.const) === String(value))?.title;
}

export function unitOf(property: Property): string | undefined {
  const code = property['x-ogc-unit'];
  if (!code) return undefined;
  const symbol = UNITS[code] ?? code.replace(/2\b/g, '²').replace(/3\b/g, '³').replace(/\./g, '·');
  return symbol || undefined;
}

function written(value: unknown, property: Property, { language, yes, no }: Words): string {
  if (typeof value === 'boolean') return value ? yes : no;
  if (typeof value === 'number') {
    // A number without a unit may be a year or an id, which have no groups.
    const useGrouping = property['x-ogc-unit'] !== undefined;
    return value.toLocaleString(language, { maximumFractionDigits: 6, useGrouping });
  }
  if (typeof value === 'object') return JSON.stringify(value);
  const text = String(value);
  return time(text, property.format, language) ?? text;
}

function time(text: string, format: string | undefined, language: string): string | undefined {
  if (format !== 'date' && format !== 'date-time') return undefined;
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) return undefined;
  const day: Intl.DateTimeFormatOptions = { dateStyle: 'medium', timeZone: 'UTC' };
  return format === 'date'
    ? date.toLocaleDateString(language, day)
    : date.toLocaleString(language, { dateStyle: 'medium', timeStyle: 'short' });
}

/** What an object is called by people: its name, its address, or else its id. */
export function nameOf(id: string, properties: Properties, schema: Schema): string {
  const named = nameProperties(schema).map((name) => properties[name]);
  const name = named.find((value) => typeof value === 'string' && value !== '');
  const { street, house_number } = properties;
  const address = street && house_number ? `${street} ${house_number}` : undefined;
  return (name as string | undefined) ?? address ?? id;
}

const NAMES = /^(name|title|label|bezeichnung|.*[_a-z]name)$/i;

/** Properties that hold names, the plainest first. */
export function nameProperties(schema: Schema): string[] {
  const texts = Object.entries(schema.properties ?? {}).filter(([name, property]) => {
    const isText = property.type === undefined || [property.type].flat().includes('string');
    return isText && !property['x-ogc-role'] && NAMES.test(name);
  });
  const names = texts.map(([name]) => name);
  return names.sort((one, other) => Number(other === 'name') - Number(one === 'name'));
}
