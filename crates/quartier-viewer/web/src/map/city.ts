import type { FeatureCollection } from 'geojson';
import {
  type FilterSpecification,
  type GeoJSONSource,
  type LayerSpecification,
  MapLibreMap,
  type PaddingOptions,
  type StyleSpecification,
  setWorkerUrl,
} from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import { base, rebased } from '../address';
import type { Bounds } from '../extent';
import type { Item, ObjectName } from '../model';
import { SELECTED, SELECTED_RAISED, SELECTION, SOURCE, selectedRaised } from './generic';
import { GROUND, type Ground } from './ground';
import type { Composition, Group } from './layers';
import { faded } from './opacity';
import { Overlay } from './overlay';
import { isThin, once, type Seen, seen } from './seen';
import { type Box, tilesAt } from './touched';

setWorkerUrl(workerUrl);

const PITCH_RAISED = 55;
const PITCH_MAX = 75;
const OBJECT_ZOOM_MAX = 18;
const ZOOM_MAX = 22;

/** A finger is wider than a point of the map. */
const REACH_PX = 4;

/** Values change under the eyes: longer, and they would always be half there. */
const FADE_MS = 80;

/** What is shown keeps this distance from a panel. */
const MARGIN_PX = 24;

const LIGHT = { anchor: 'viewport', color: '#fff', intensity: 0.32, position: [1.2, 210, 35] };

export interface Start {
  bounds?: Bounds;
  /** The server's name for its own address. */
  serverBase?: string;
  isRaised: boolean;
}

/** The map and what of it is shown. */
export class CityMap {
  readonly map: MapLibreMap;
  readonly groups: Group[];
  readonly overlay: Overlay;
  isRaised: boolean;
  private readonly hidden = new Set<string>();
  private isNamed = true;
  private selected: ObjectName | undefined;

  constructor(container: HTMLElement, composition: Composition, start: Start) {
    this.groups = composition.groups;
    this.isRaised = start.isRaised;
    const { serverBase } = start;
    this.map = new MapLibreMap({
      container,
      style: lit(composition.style),
      hash: 'map',
      attributionControl: false,
      renderWorldCopies: false,
      fadeDuration: FADE_MS,
      maxPitch: PITCH_MAX,
      maxZoom: ZOOM_MAX,
      // What is out of sight would not be told that it has changed; the browser keeps it, and asks.
      maxTileCacheSize: 0,
      // Parts of a tile beyond the source's last zoom would stay as they are when the tile is asked for again.
      zoomLevelsToOverscale: undefined,
      ...(start.bounds && { bounds: start.bounds, fitBoundsOptions: { padding: padding() } }),
      ...(serverBase && {
        transformRequest: (url: string) => ({ url: rebased(url, serverBase, base.href) }),
      }),
    });
    this.overlay = new Overlay(this.map);
    if (!this.isRaised) this.map.setMaxPitch(0);
    else if (this.map.getPitch() === 0) this.map.setPitch(PITCH_RAISED);
    this.map.once('style.load', () => this.dress());
  }

  setVisible(collection: string, isVisible: boolean): void {
    if (isVisible) this.hidden.delete(collection);
    else this.hidden.add(collection);
    this.dress();
  }

  isVisible(collection: string): boolean {
    return !this.hidden.has(collection);
  }

  /** Whether objects bear their names. */
  setNamed(isNamed: boolean): void {
    if (isNamed === this.isNamed) return;
    this.isNamed = isNamed;
    this.dress();
  }

  /** Shows more of a collection, above the city; it comes and goes with the collection. */
  cover(collection: string, layers: LayerSpecification[]): void {
    const group = this.groups.find((it) => it.collection.id === collection);
    if (!group) return;
    const isRaised = group.layers.some(({ view }) => view === 'raised');
    for (const layer of layers) {
      this.overlay.add(layer);
      group.layers.push({ layer, view: isRaised ? 'flat' : 'both' });
    }
    this.dress();
  }

  /** Puts a base layer below the city, instead of the one that was there. */
  setGround(ground: Ground | undefined): void {
    const { layers } = this.map.getStyle();
    for (const { id } of layers.filter((it) => 'source' in it && it.source === GROUND)) {
      this.map.removeLayer(id);
    }
    if (this.map.getSource(GROUND)) this.map.removeSource(GROUND);
    if (!ground) return;
    const lowest = layers.find((it) => 'source' in it && it.source !== GROUND)?.id;
    this.map.addSource(GROUND, ground.source);
    for (const layer of ground.layers) this.map.addLayer(layer, lowest);
  }

  /** From 0 to 1 of what the style gives. */
  setOpacity(collection: string, share: number): void {
    const group = this.groups.find((it) => it.collection.id === collection);
    for (const { layer } of group?.layers ?? []) {
      for (const [property, value] of faded(layer, share)) {
        this.map.setPaintProperty(layer.id, property as 'fill-opacity', value as number);
      }
    }
  }

  setRaised(isRaised: boolean): void {
    this.isRaised = isRaised;
    this.dress();
    if (isRaised) this.map.setMaxPitch(PITCH_MAX);
    this.map.easeTo({ pitch: isRaised ? PITCH_RAISED : 0 });
    if (!isRaised) this.map.once('moveend', () => !this.isRaised && this.map.setMaxPitch(0));
  }

  /** Asks again for tiles: objects in these boxes have changed; everywhere, where there are none. */
  refresh(boxes?: Box[]): void {
    const tiles = boxes && tilesAt(boxes, Math.ceil(this.map.getZoom()) + 1);
    this.map.refreshTiles(SOURCE, tiles);
    // A tile that was on its way may have been drawn before the change.
    if (tiles) this.map.once('idle', () => this.map.refreshTiles(SOURCE, tiles));
  }

  fit(bounds: Bounds): void {
    this.map.fitBounds(bounds, { padding: padding(), maxZoom: OBJECT_ZOOM_MAX });
  }

  /** Moves the map so that a point of the screen is not below a panel that has opened over it. */
  uncover(x: number, y: number, panel: DOMRect): void {
    const isBeside = x > panel.left - MARGIN_PX && x < panel.right + MARGIN_PX;
    const isBelow = isBeside && y > panel.top - MARGIN_PX && y < panel.bottom + MARGIN_PX;
    if (!isBelow) return;
    const isSheet = panel.width >= this.map.getContainer().clientWidth;
    this.map.panBy(isSheet ? [0, y - panel.top / 2] : [x - panel.left / 2, 0]);
  }

  /** Objects at a point of the screen, the topmost first; an object that several layers draw comes once. */
  objectsAt(x: number, y: number): Seen[] {
    const box: [[number, number], [number, number]] = [
      [x - REACH_PX, y - REACH_PX],
      [x + REACH_PX, y + REACH_PX],
    ];
    const layers = this.groups.flatMap((group) => group.layers.map(({ layer }) => layer.id));
    const exact = this.rendered([x, y], layers);
    const near = this.rendered(box, layers);
    const thin = near.filter(isThin);
    // A raised building hides what is behind it; on the flat map a line in reach is what was meant.
    const found = (this.isRaised ? [...exact, ...thin] : [...thin, ...exact]).map(seen);
    // A block of houses too small to be told apart has no id: there is nothing to open.
    return once(found.filter(({ id }) => id !== ''));
  }

  /** Without what an overlay has, but does not show. */
  private rendered(at: Parameters<MapLibreMap['queryRenderedFeatures']>[0], layers: string[]) {
    const found = this.map.queryRenderedFeatures(at, { layers });
    return found.filter(({ layer, state }) => !this.overlay.has(layer.id) || 'look' in state);
  }

  /** Objects in the loaded tiles whose property holds the text, whatever its case. */
  objectsCalled(collection: string, properties: string[], wanted: string): Seen[] {
    const conditions = properties.map((name) => [
      'in',
      wanted.toLowerCase(),
      ['downcase', ['to-string', ['get', name]]],
    ]);
    const filter = ['any', ...conditions] as unknown as FilterSpecification;
    return once(
      this.map.querySourceFeatures(SOURCE, { sourceLayer: collection, filter }).map(seen),
    );
  }

  /** Marks an object; nothing marks none. */
  select(name?: ObjectName, item?: Item): void {
    this.selected = name;
    const features = item ? [{ ...item, properties: item.properties ?? {} }] : [];
    const source = this.map.getSource<GeoJSONSource>(SELECTION);
    source?.setData({ type: 'FeatureCollection', features } as FeatureCollection);
    this.raiseSelected();
  }

  private dress(): void {
    for (const { collection, layers, raisedFrom } of this.groups) {
      for (const { layer, view } of layers) {
        const isName = layer.type === 'symbol';
        const isView = view !== 'raised' || this.isRaised;
        const isShown = this.isVisible(collection.id) && isView && (this.isNamed || !isName);
        this.map.setLayoutProperty(layer.id, 'visibility', isShown ? 'visible' : 'none');
        if (view === 'flat')
          this.map.setLayerZoomRange(layer.id, ...this.flatZooms(layer, raisedFrom));
      }
    }
    this.overlay.arrange(this.isRaised);
    this.raiseSelected();
  }

  /** A flat layer gives way to the raised one at the zoom where that begins. */
  private flatZooms({ minzoom = 0, maxzoom = 24 }: LayerSpecification, raisedFrom: number) {
    const highest = this.isRaised ? Math.min(maxzoom, raisedFrom) : maxzoom;
    return [Math.min(minzoom, highest), highest] as const;
  }

  private raiseSelected(): void {
    if (this.map.getLayer(SELECTED_RAISED)) this.map.removeLayer(SELECTED_RAISED);
    const selected = this.selected;
    if (!selected || !this.isRaised || !this.isVisible(selected.collection)) return;
    const group = this.groups.find((it) => it.collection.id === selected.collection);
    const layer = group?.layers.find(({ view }) => view === 'raised')?.layer;
    if (layer?.type !== 'fill-extrusion') return;
    const height = layer.paint?.['fill-extrusion-height'];
    const made = selectedRaised(selected.collection, selected.id, height, layer.filter);
    this.map.addLayer(made, 'selection/point');
  }
}

/** The style with the light for raised objects and the selection on top of it. */
function lit(style: StyleSpecification): StyleSpecification {
  const nothing = { type: 'FeatureCollection' as const, features: [] };
  return {
    ...style,
    light: style.light ?? (LIGHT as StyleSpecification['light']),
    sources: { ...style.sources, [SELECTION]: { type: 'geojson', data: nothing } },
    layers: [...style.layers, ...SELECTED],
  };
}

/** Keeps what is shown clear of the panels. */
function padding(): PaddingOptions {
  const isWide = matchMedia('(min-width: 48rem)').matches;
  return isWide
    ? { top: 40, right: 80, bottom: 60, left: 380 }
    : { top: 130, right: 24, bottom: 110, left: 24 };
}
