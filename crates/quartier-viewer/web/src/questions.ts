import type { Query } from './address';
import { nameProperties } from './describe';
import type { Schema } from './model';

/** What to ask a collection for, the surest first; each question is a set of conditions. */
export function questionsOf(wanted: string, schema: Schema): Query[] {
  const names = nameProperties(schema).map((name) => ({ [name]: wanted }));
  const [, street, number] = /^(.*\S)\s+(\d+\s?[a-z]?)$/i.exec(wanted) ?? [];
  const hasAddresses = schema.properties?.street && schema.properties.house_number;
  const address = hasAddresses && street && number ? [{ street, house_number: number }] : [];
  return [{ id: wanted }, { source_id: wanted }, ...names, ...address];
}
