import { read } from '../api';
import type { Catalogue } from '../catalogue';
import { byId, element } from '../dom';
import { text } from '../language';
import type { CityMap } from '../map/city';
import { type Archive, archivePath, groundOf, type TileJson } from '../map/ground';
import { toast } from './state';

/** The choice of a base layer, where the server has any. */
export function showGrounds(city: CityMap, { archives, isDark }: Catalogue): void {
  if (archives.length === 0) return;
  const none = element('option', { value: '', 'data-text': 'noGround' }, text('noGround'));
  const options = archives.map(({ id, title }) => element('option', { value: id }, title));
  const select = element('select', { name: 'ground' }, none, ...options);
  const caption = element('span', { 'data-text': 'ground' }, text('ground'));
  byId('layer-list').append(
    element('li', { class: 'ground' }, element('label', {}, caption, select)),
  );
  select.addEventListener('change', () => {
    const archive = archives.find(({ id }) => id === select.value);
    void show(city, archive, isDark, () => archive?.id === (select.value || undefined));
  });
}

async function show(
  city: CityMap,
  archive: Archive | undefined,
  isDark: boolean,
  isWanted: () => boolean,
): Promise<void> {
  if (!archive) return city.setGround(undefined);
  try {
    const tiles = await read<TileJson>(archivePath(archive));
    if (isWanted()) city.setGround(groundOf(archive, tiles, isDark));
  } catch {
    toast(text('lost'));
  }
}
