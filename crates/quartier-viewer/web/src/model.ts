import type { Geometry } from 'geojson';

/** Shapes of OGC API Common, Features and Schemas, as far as the page reads them. */

export interface Link {
  href: string;
  rel: string;
  type?: string;
  title?: string;
}

export interface Landing {
  title?: string;
  description?: string;
  links: Link[];
  workingCrs?: string;
}

export interface Collection {
  id: string;
  title?: string;
  description?: string;
  attribution?: string;
  storageCrs?: string;
  extent?: { spatial?: { bbox?: number[][] } };
  links: Link[];
}

export interface Code {
  const: unknown;
  title?: string;
}

export interface Property {
  title?: string;
  description?: string;
  type?: string | string[];
  format?: string;
  oneOf?: Code[];
  'x-ogc-role'?: string;
  'x-ogc-unit'?: string;
}

export interface Schema {
  properties?: Record<string, Property>;
}

export type Properties = Record<string, unknown>;

export interface Item {
  type: 'Feature';
  id?: string | number;
  bbox?: number[];
  geometry: Geometry | null;
  properties: Properties | null;
}

export interface Items {
  features: Item[];
  numberMatched?: number;
}

/** An object by its collection and its id in that. */
export interface ObjectName {
  collection: string;
  id: string;
}

export function titleOf(collection: Collection): string {
  return collection.title || collection.id;
}
