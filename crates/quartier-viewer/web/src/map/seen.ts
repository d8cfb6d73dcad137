import type { MapGeoJSONFeature } from 'maplibre-gl';
import type { ObjectName } from '../model';

/** An object as it lies in a tile. */
export interface Seen extends ObjectName {
  properties: Record<string, unknown>;
}

/** A line or a point, which is hard to hit. */
export function isThin(feature: MapGeoJSONFeature): boolean {
  return feature.geometry.type !== 'Polygon' && feature.geometry.type !== 'MultiPolygon';
}

export function seen(feature: { sourceLayer?: string; id?: unknown; properties: object }): Seen {
  const properties = feature.properties as Record<string, unknown>;
  const id = String(properties.id ?? feature.id ?? '');
  return { collection: feature.sourceLayer ?? '', id, properties };
}

/** Each object once, at its first place. */
export function once(objects: Seen[]): Seen[] {
  return [...new Map(objects.map((it) => [`${it.collection}/${it.id}`, it])).values()];
}
