import type { LayerSpecification } from 'maplibre-gl';
import type { CityMap } from '../map/city';
import { SOURCE } from '../map/generic';
import type { Shape } from '../map/legend';
import { covers, HATCH, hatch, type Look, raisedColour, type Tone } from './covers';
import type { Scale } from './scale';

/** What an object's feature state says. */
export interface State {
  value: number | null;
  look: Look;
}

/** The objects in the colours of their readings, by the state of tiles' features: geometry is not asked for again. */
export class Choropleth {
  private scale: Scale = { breaks: [], colours: ['#888'], isRound: false };
  private readonly covered = new Set<string>();
  /** By collection and feature id; nothing where an object has lost its reading. */
  private pending = new Map<string, State | undefined>();
  private frame = 0;

  constructor(
    private readonly city: CityMap,
    private readonly shapes: Map<string, Shape>,
    private readonly tone: Tone,
  ) {
    city.map.addImage(HATCH, hatch(tone.hatch), { pixelRatio: 2 });
  }

  set(collection: string, fid: number, state: State | undefined): void {
    this.pending.set(`${collection}/${fid}`, state);
    // However much comes within a frame, the map is drawn once.
    this.frame ||= requestAnimationFrame(() => this.apply());
  }

  clear(): void {
    this.pending.clear();
    for (const sourceLayer of this.covered) {
      this.city.map.removeFeatureState({ source: SOURCE, sourceLayer });
    }
  }

  show(scale: Scale): void {
    this.scale = scale;
    for (const collection of this.covered) {
      for (const layer of this.layersOf(collection)) this.repaint(layer);
      this.colourRaised(collection);
    }
  }

  private apply(): void {
    this.frame = 0;
    const { pending, city } = this;
    this.pending = new Map();
    for (const [key, state] of pending) {
      const at = key.lastIndexOf('/');
      const sourceLayer = key.slice(0, at);
      const feature = { source: SOURCE, sourceLayer, id: Number(key.slice(at + 1)) };
      if (!this.cover(sourceLayer)) continue;
      if (state) city.map.setFeatureState(feature, state);
      else city.map.removeFeatureState(feature);
    }
  }

  /** Adds the layers of a collection before the first of its objects is coloured. */
  private cover(collection: string): boolean {
    if (this.covered.has(collection)) return true;
    if (!this.shapes.has(collection)) return false;
    this.covered.add(collection);
    this.city.cover(collection, this.layersOf(collection));
    this.colourRaised(collection);
    return true;
  }

  private layersOf(collection: string): LayerSpecification[] {
    const shape = this.shapes.get(collection) ?? 'area';
    return covers(collection, shape)(this.scale, this.tone);
  }

  private repaint({ id, paint }: LayerSpecification): void {
    for (const [name, value] of Object.entries(paint ?? {})) {
      if (name.endsWith('-color')) this.city.map.setPaintProperty(id, name as 'fill-color', value);
    }
  }

  private colourRaised(collection: string): void {
    const group = this.city.groups.find((it) => it.collection.id === collection);
    const raised = group?.layers.find(({ view }) => view === 'raised')?.layer;
    if (raised?.type !== 'fill-extrusion') return;
    const own = raised.paint?.['fill-extrusion-color'] ?? '#c9cdd2';
    const colour = raisedColour(own, this.scale);
    this.city.map.setPaintProperty(raised.id, 'fill-extrusion-color', colour);
  }
}
