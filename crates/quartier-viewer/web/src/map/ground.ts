import type { LayerSpecification, SourceSpecification } from 'maplibre-gl';
import { address } from '../address';

export const GROUND = 'ground';

/** A file of tiles that the server has beside the city. */
export interface Archive {
  id: string;
  title: string;
  dataType: 'vector' | 'map';
}

/** What of its TileJSON the page looks at. */
export interface TileJson {
  vector_layers?: { id: string }[];
}

/** A base layer as the map takes it. */
export interface Ground {
  source: SourceSpecification;
  layers: LayerSpecification[];
}

const LIGHT = { water: '#c9dbe6', area: '#e6e2da', line: '#cdc7bb' };
const DARK = { water: '#1b2a35', area: '#20262c', line: '#39424b' };

/** What every schema of base maps calls it. */
const WATER = /water|ocean|gew/i;

export function archivePath({ id }: Archive): string {
  return `archives/${encodeURIComponent(id)}`;
}

/**
 * How a file is drawn below the city. Of vector tiles only the layers' names are known, not what they mean: they stay
 * quiet.
 */
export function groundOf(archive: Archive, { vector_layers }: TileJson, isDark: boolean): Ground {
  const url = address(archivePath(archive));
  if (archive.dataType === 'map') {
    const picture = { id: `${GROUND}/picture`, type: 'raster' as const, source: GROUND };
    return { source: { type: 'raster', url, tileSize: 256 }, layers: [picture] };
  }
  const colours = isDark ? DARK : LIGHT;
  const layers = (vector_layers ?? []).flatMap(({ id }) => quiet(id, colours));
  return { source: { type: 'vector', url }, layers };
}

function quiet(id: string, { water, area, line }: typeof LIGHT): LayerSpecification[] {
  const isWater = WATER.test(id);
  const common = { source: GROUND, 'source-layer': id };
  return [
    {
      ...common,
      id: `${GROUND}/${id}/area`,
      type: 'fill',
      filter: ['==', ['geometry-type'], 'Polygon'],
      paint: { 'fill-color': isWater ? water : area, 'fill-opacity': isWater ? 1 : 0.5 },
    },
    {
      ...common,
      id: `${GROUND}/${id}/line`,
      type: 'line',
      filter: ['==', ['geometry-type'], 'LineString'],
      paint: { 'line-color': isWater ? water : line, 'line-width': 0.8 },
    },
  ];
}
