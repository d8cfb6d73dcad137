import type { Catalogue } from './catalogue';
import { byId } from './dom';
import { type Bounds, extentOf } from './extent';
import { Inspector } from './inspect';
import { onLanguage, text } from './language';
import { CityMap } from './map/city';
import { compose } from './map/layers';
import { coloursOf } from './map/palette';
import type { Landing } from './model';
import { showControls, showProgress } from './panel/controls';
import { showCoordinates } from './panel/coordinates';
import { showGrounds } from './panel/ground';
import { showLayers } from './panel/layers';
import { SearchBox } from './panel/search';
import { toast } from './panel/state';
import { hasPosition, keepPlace, type Place, readPlace } from './place';
import { find } from './search';
import { Watch } from './watch';

const LIGHT = { colour: '#2b3640', halo: '#fffc' };
const DARK = { colour: '#d5dde4', halo: '#14171cd0' };

/** Shows the city, and joins the map with the search and the panels. */
export function showPage(catalogue: Catalogue): void {
  const { landing, collections, isDark } = catalogue;
  const place = readPlace(location.hash);
  const isFramed = hasPosition(location.hash);
  const extent = extentOf(collections);
  document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
  name(landing);
  const city = cityOf(catalogue, place, extent);
  showLayers(city, catalogue);
  showGrounds(city, catalogue);
  showControls(city, extent);
  showProgress(city);
  showCoordinates(city.map, landing.workingCrs ?? collections[0]?.storageCrs ?? '');
  switchView(city, place);
  const inspector = inspect(city, catalogue, place);
  const search = (wanted: string, signal: AbortSignal) => find(wanted, catalogue, city, signal);
  new SearchBox(search, (object) => void inspector.visit(object));
  const { object, thing } = place;
  const show = isFramed ? 'open' : 'visit';
  city.map.once('style.load', () => {
    const watch = new Watch(city, catalogue, isDark ? DARK : LIGHT, inspector);
    const showThing = isFramed ? 'openThing' : 'visitThing';
    if (thing !== undefined) watch.onceKnown(thing, () => inspector[showThing](thing));
  });
  if (object) city.map.once('style.load', () => void inspector[show](object));
}

function name({ title }: Landing): void {
  if (!title) return;
  byId('title').textContent = title;
  document.title = title;
}

function cityOf(catalogue: Catalogue, { isRaised }: Place, bounds: Bounds | undefined): CityMap {
  const { landing, collections, schemas, style, isDark } = catalogue;
  const names = collections.map(({ id }) => id);
  const colours = coloursOf(names, isDark);
  const lettering = isDark ? DARK : LIGHT;
  const self = landing.links.find(({ rel }) => rel === 'self');
  return new CityMap(byId('map'), compose(style, collections, { schemas, colours, lettering }), {
    serverBase: self?.href.replace(/\/?(\?.*)?$/, '/'),
    isRaised,
    bounds,
  });
}

function inspect(city: CityMap, catalogue: Catalogue, place: Place): Inspector {
  const inspector = new Inspector(catalogue, city, ({ object, thing }) => {
    place.object = object;
    place.thing = thing;
    keepPlace(place);
  });
  const { map } = city;
  map.on('click', ({ point }) => void inspector.point(point.x, point.y));
  map.on('error', ({ error }) => /fetch|50[234]/i.test(error.message) && toast(text('lost')));
  map.getCanvas().addEventListener('keydown', (event) => {
    if (event.key === 'Enter') void inspector.pointAtCentre();
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && inspector.isOpen) inspector.close();
  });
  return inspector;
}

function switchView(city: CityMap, place: Place): void {
  const button = byId('view');
  button.ariaPressed = String(city.isRaised);
  button.addEventListener('click', () => {
    city.setRaised(!city.isRaised);
    button.ariaPressed = String(city.isRaised);
    place.isRaised = city.isRaised;
    keepPlace(place);
  });
  const label = () => {
    city.map.getCanvas().ariaLabel = text('map');
  };
  onLanguage(label);
  label();
}
