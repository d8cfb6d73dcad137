import type { MapLibreMap } from 'maplibre-gl';
import { projector, written } from '../crs';
import { byId } from '../dom';
import { language, onLanguage, text } from '../language';
import { toast } from './state';

interface Degrees {
  lng: number;
  lat: number;
}

/** Shows where the pointer is in the working CRS; where there is no pointer, the map's centre. */
export function showCoordinates(map: MapLibreMap, workingCrs: string): void {
  const project = projector(workingCrs);
  const output = byId('coordinates');
  let pointer: Degrees | undefined;
  const show = () => {
    const { lng, lat } = pointer ?? map.getCenter();
    const position = project(lng, lat);
    byId('crs').textContent = position.crs;
    output.textContent = written(position, language());
  };
  map.on('mousemove', ({ lngLat }) => {
    pointer = lngLat;
    show();
  });
  map.on('mouseout', () => {
    pointer = undefined;
    show();
  });
  map.on('move', show);
  onLanguage(show);
  byId('copy').addEventListener('click', () => void copy(output));
  show();
}

async function copy(output: HTMLElement): Promise<void> {
  await navigator.clipboard?.writeText(`${byId('crs').textContent} ${output.textContent}`);
  toast(text('copied'));
}
