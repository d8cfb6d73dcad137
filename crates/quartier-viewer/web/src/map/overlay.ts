import type { LayerSpecification, MapLibreMap } from 'maplibre-gl';

const VEIL = 'overlay/veil';

const RANKS: Record<string, number> = { background: 0, fill: 1, line: 2, circle: 3 };

/**
 * Layers that lie on the whole city, below its names: areas, then lines, then points. On the flat map they are above
 * everything else; in 3D below what stands up, which would be painted over.
 */
export class Overlay {
  private readonly layers: LayerSpecification[] = [];
  private arranged = '';

  constructor(private readonly map: MapLibreMap) {}

  add(layer: LayerSpecification): void {
    this.map.addLayer(layer);
    this.layers.push(layer);
    this.layers.sort((one, other) => rank(one) - rank(other));
  }

  has(layer: string): boolean {
    return this.layers.some(({ id }) => id === layer);
  }

  /** Lets the city fade behind the overlay. */
  veil(colour: string, opacity: number): void {
    if (!this.map.getLayer(VEIL)) this.add(veilOf(colour));
    this.map.setPaintProperty(VEIL, 'background-opacity', opacity);
  }

  arrange(isRaised: boolean): void {
    const wanted = `${isRaised} ${this.layers.length}`;
    if (wanted === this.arranged) return;
    this.arranged = wanted;
    const anchor = this.anchor(isRaised);
    for (const { id } of this.layers) this.map.moveLayer(id, anchor);
  }

  private anchor(isRaised: boolean): string | undefined {
    const tops = isRaised ? ['fill-extrusion', 'symbol'] : ['symbol'];
    return this.map.getLayersOrder().find((id) => tops.includes(this.map.getLayer(id)?.type ?? ''));
  }
}

function rank({ type }: LayerSpecification): number {
  return RANKS[type] ?? RANKS.circle ?? 0;
}

function veilOf(colour: string): LayerSpecification {
  return { id: VEIL, type: 'background', paint: { 'background-color': colour } };
}
