import type { LayerSpecification } from 'maplibre-gl';

/** The paint properties that make a layer fainter. */
const OPACITIES: Record<string, string[]> = {
  fill: ['fill-opacity'],
  line: ['line-opacity'],
  circle: ['circle-opacity', 'circle-stroke-opacity'],
  symbol: ['text-opacity', 'icon-opacity'],
  'fill-extrusion': ['fill-extrusion-opacity'],
};

/** What to set so that the layer shows with a share of the opacity that its style gives it. */
export function faded(layer: LayerSpecification, share: number): [string, unknown][] {
  const paint = (layer.paint ?? {}) as Record<string, unknown>;
  const names = OPACITIES[layer.type] ?? [];
  return names.map((name) => [name, scaled(paint[name] ?? 1, share)]);
}

/** An expression of the zoom may only stand outermost, so that what it yields is scaled, not the whole. */
export function scaled(value: unknown, share: number): unknown {
  if (typeof value === 'number') return value * share;
  if (!Array.isArray(value)) return value;
  if (value[0] === 'interpolate') {
    return value.map((it, i) => (i >= 4 && i % 2 === 0 ? scaled(it, share) : it));
  }
  if (value[0] === 'step') {
    return value.map((it, i) => (i >= 2 && i % 2 === 0 ? scaled(it, share) : it));
  }
  return ['*', share, value];
}
