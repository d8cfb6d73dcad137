import type { FeatureCollection } from 'geojson';
import type { GeoJSONSource } from 'maplibre-gl';
import { collectionPath } from '../address';
import { read } from '../api';
import { nameOf } from '../describe';
import type { CityMap } from '../map/city';
import type { Lettering } from '../map/generic';
import type { Items, Schema } from '../model';
import { centreOf } from './centres';
import type { Aggregate } from './model';
import { commonDecimals, valueText } from './words';

const LABELS = 'live-zones';

/** More labels than this are not read. */
const LABELS_MAX = 500;

interface Label {
  name: string;
  at: [number, number];
}

/** The means of zones, in words on the map. */
export class ZoneLabels {
  private readonly known = new Map<string, Promise<Map<string, Label>>>();
  private shown: string | undefined;

  constructor(
    private readonly city: CityMap,
    private readonly schemas: Map<string, Schema>,
    lettering: Lettering,
  ) {
    city.map.addSource(LABELS, { type: 'geojson', data: none() });
    city.map.addLayer(layer(lettering));
  }

  async show(aggregate: Aggregate | undefined): Promise<void> {
    const zones = aggregate?.zones;
    this.shown = zones;
    // Streets' names over coloured areas would be read as theirs.
    this.city.setNamed(!zones);
    if (!aggregate || !zones) return this.draw(none());
    const labels = await this.labels(zones);
    if (this.shown === zones) this.draw(written(aggregate, labels));
  }

  private draw(labels: FeatureCollection): void {
    this.city.map.getSource<GeoJSONSource>(LABELS)?.setData(labels);
  }

  private labels(collection: string): Promise<Map<string, Label>> {
    const known = this.known.get(collection);
    if (known) return known;
    const made = readLabels(collection, this.schemas.get(collection) ?? {});
    this.known.set(collection, made);
    made.catch(() => this.known.delete(collection));
    return made;
  }
}

async function readLabels(collection: string, schema: Schema): Promise<Map<string, Label>> {
  const path = `${collectionPath(collection)}/items`;
  const { features } = await read<Items>(path, { limit: String(LABELS_MAX) });
  const labels = features.flatMap((item): [string, Label][] => {
    const at = centreOf(item);
    const id = String(item.id);
    return at ? [[id, { name: nameOf(id, item.properties ?? {}, schema), at }]] : [];
  });
  return new Map(labels);
}

function written({ values }: Aggregate, labels: Map<string, Label>): FeatureCollection {
  const decimals = commonDecimals(values.map(({ value }) => value));
  const features = values.flatMap(({ id, value }) => {
    const label = labels.get(id);
    if (!label) return [];
    const geometry = { type: 'Point' as const, coordinates: label.at };
    const properties = {
      name: label.name,
      value: value === null ? '' : valueText(value, decimals),
    };
    return [{ type: 'Feature' as const, geometry, properties }];
  });
  return { type: 'FeatureCollection', features };
}

function layer({ colour, halo }: Lettering) {
  return {
    id: 'live/zone-values',
    type: 'symbol' as const,
    source: LABELS,
    layout: {
      'text-field': [
        'format',
        ['get', 'value'],
        { 'font-scale': 1.25 },
        '\n',
        {},
        ['get', 'name'],
        { 'font-scale': 0.9 },
      ] as unknown as string,
      'text-font': ['system-ui', 'sans-serif'],
      'text-size': 13,
      'text-max-width': 9,
      'text-padding': 6,
    },
    paint: { 'text-color': colour, 'text-halo-color': halo, 'text-halo-width': 1.8 },
  };
}

function none(): FeatureCollection {
  return { type: 'FeatureCollection', features: [] };
}
