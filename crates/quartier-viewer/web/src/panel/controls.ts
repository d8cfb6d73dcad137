import { AttributionControl, ScaleControl } from 'maplibre-gl';
import { byId } from '../dom';
import type { Bounds } from '../extent';
import type { CityMap } from '../map/city';

/** The credits of the data come with the tiles; the software's own licence wants to be shown too. */
const MADE_WITH = '<a href="licences.md">MapLibre</a>';

/** The buttons at the map's edge, the scale bar and the credits. */
export function showControls(city: CityMap, extent?: Bounds): void {
  const { map } = city;
  byId('zoom-in').addEventListener('click', () => map.zoomIn());
  byId('zoom-out').addEventListener('click', () => map.zoomOut());
  byId('north').addEventListener('click', () => map.easeTo({ bearing: 0 }));
  byId('fit').addEventListener('click', () => extent && city.fit(extent));
  map.on('rotate', () => {
    byId('north').style.setProperty('--bearing', `${-map.getBearing()}deg`);
  });
  byId('scale').append(new ScaleControl({ maxWidth: 120 }).onAdd(map));
  byId('credits').append(new AttributionControl({ customAttribution: MADE_WITH }).onAdd(map));
}

/** A bar while the map loads; readings come all the time. */
export function showProgress({ map }: CityMap): void {
  const bar = byId('progress');
  map.on('dataloading', (event) => {
    const isLive = 'sourceId' in event && String(event.sourceId).startsWith('live-');
    if (!isLive) bar.dataset.state = 'busy';
  });
  map.on('idle', () => {
    bar.dataset.state = 'idle';
  });
}
