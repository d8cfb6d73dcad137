import { AttributionControl, ScaleControl } from 'maplibre-gl';
import { byId } from '../dom';
import type { Bounds } from '../extent';
import type { CityMap } from '../map/city';
import type { Collection } from '../model';

/** The buttons at the map's edge, the scale bar and the credits. */
export function showControls(city: CityMap, collections: Collection[], extent?: Bounds): void {
  const { map } = city;
  byId('zoom-in').addEventListener('click', () => map.zoomIn());
  byId('zoom-out').addEventListener('click', () => map.zoomOut());
  byId('north').addEventListener('click', () => map.easeTo({ bearing: 0 }));
  byId('fit').addEventListener('click', () => extent && city.fit(extent));
  map.on('rotate', () => {
    byId('north').style.setProperty('--bearing', `${-map.getBearing()}deg`);
  });
  byId('scale').append(new ScaleControl({ maxWidth: 120 }).onAdd(map));
  byId('credits').append(credits(collections).onAdd(map));
}

function credits(collections: Collection[]): AttributionControl {
  const sources = new Set(collections.flatMap(({ attribution }) => attribution ?? []));
  return new AttributionControl({ customAttribution: [...sources].map(escaped) });
}

/** MapLibre takes credits as HTML; ours are text. */
function escaped(text: string): string {
  const span = document.createElement('span');
  span.textContent = text;
  return span.innerHTML;
}

/** A bar while the map loads. */
export function showProgress({ map }: CityMap): void {
  const bar = byId('progress');
  map.on('dataloading', () => {
    bar.dataset.state = 'busy';
  });
  map.on('idle', () => {
    bar.dataset.state = 'idle';
  });
}
