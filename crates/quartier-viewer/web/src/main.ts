import 'maplibre-gl/dist/maplibre-gl.css';
import './style.css';
import './panels.css';
import './edge.css';
import { Away, Refused } from './api';
import { type Catalogue, readCatalogue } from './catalogue';
import { byId } from './dom';
import { extentOf } from './extent';
import { Inspector } from './inspect';
import { language, onLanguage, speak, text, translate } from './language';
import { CityMap } from './map/city';
import { compose } from './map/layers';
import { coloursOf } from './map/palette';
import { showControls, showProgress } from './panel/controls';
import { showCoordinates } from './panel/coordinates';
import { showLayers } from './panel/layers';
import { SearchBox } from './panel/search';
import { hideState, type State, showState, toast } from './panel/state';
import { keepPlace, readPlace } from './place';
import { find } from './search';
import type { Language } from './texts';

/** Often enough for someone who waits, seldom enough for a server that is busy. */
const RETRY_MS = 2000;

const LIGHT = { colour: '#2b3640', halo: '#fffc' };
const DARK = { colour: '#d5dde4', halo: '#14171cd0' };

let state: State | undefined;

function say(next: State | undefined): void {
  state = next;
  if (next) showState(next);
  else hideState();
}

async function start(): Promise<void> {
  say({ title: 'loading' });
  try {
    const catalogue = await readCatalogue(matchMedia('(prefers-color-scheme: dark)').matches);
    if (catalogue.collections.length === 0) say({ title: 'empty', hint: 'emptyHint', retry });
    else show(catalogue);
  } catch (error) {
    say(stateOf(error));
  }
}

function retry(): void {
  void start();
}

function stateOf(error: unknown): State {
  if (error instanceof Away) return { title: 'offline', hint: 'offlineHint', retry };
  if (error instanceof Refused && error.isStarting) {
    setTimeout(retry, RETRY_MS);
    return { title: 'starting', hint: 'startingHint' };
  }
  if (error instanceof Refused) {
    return { title: 'failed', hint: 'failedHint', detail: error.message, retry };
  }
  return { title: 'webgl', hint: 'webglHint' };
}

function show(catalogue: Catalogue): void {
  const { landing, collections, schemas, style, isDark } = catalogue;
  document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
  const colours = coloursOf(
    collections.map(({ id }) => id),
    isDark,
  );
  const extent = extentOf(collections);
  const place = readPlace(location.hash);
  const city = new CityMap(
    byId('map'),
    compose(style, collections, { schemas, colours, lettering: isDark ? DARK : LIGHT }),
    {
      serverBase: landing.links.find(({ rel }) => rel === 'self')?.href.replace(/\/?(\?.*)?$/, '/'),
      isRaised: place.isRaised,
      bounds: extent,
    },
  );
  say(undefined);
  name(landing.title);
  showLayers(city, catalogue);
  showControls(city, extent);
  showProgress(city);
  showCoordinates(city.map, landing.workingCrs ?? collections[0]?.storageCrs ?? '');
  connect(city, catalogue);
}

/** Joins the map, the search and the panel of the object. */
function connect(city: CityMap, catalogue: Catalogue): void {
  const place = readPlace(location.hash);
  const inspector = new Inspector(catalogue, city, (object) => {
    place.object = object;
    keepPlace(place);
  });
  const search = (wanted: string, signal: AbortSignal) => find(wanted, catalogue, city, signal);
  new SearchBox(search, (object) => void inspector.visit(object));
  const { map } = city;
  map.on('click', ({ point }) => void inspector.point(point.x, point.y));
  map.on('error', ({ error }) => /fetch|50[234]/i.test(error.message) && toast(text('lost')));
  map.getCanvas().addEventListener('keydown', (event) => {
    if (event.key === 'Enter') void inspector.pointAtCentre();
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && inspector.isOpen) inspector.close();
  });
  switchView(city, (isRaised) => {
    place.isRaised = isRaised;
    keepPlace(place);
  });
  const { object } = place;
  if (object) map.once('style.load', () => void inspector.open(object));
}

function switchView(city: CityMap, changed: (isRaised: boolean) => void): void {
  const button = byId('view');
  button.ariaPressed = String(city.isRaised);
  button.addEventListener('click', () => {
    city.setRaised(!city.isRaised);
    button.ariaPressed = String(city.isRaised);
    changed(city.isRaised);
  });
  const label = () => {
    city.map.getCanvas().ariaLabel = text('map');
  };
  onLanguage(label);
  label();
}

function name(title: string | undefined): void {
  if (!title) return;
  byId('title').textContent = title;
  document.title = title;
}

function showLanguages(): void {
  const buttons = [...document.querySelectorAll<HTMLButtonElement>('.languages button')];
  const press = () => {
    for (const button of buttons) button.ariaPressed = String(button.lang === language());
  };
  for (const button of buttons) {
    button.addEventListener('click', () => speak(button.lang as Language));
  }
  onLanguage(press);
  onLanguage(() => state && showState(state));
  press();
}

translate(document);
showLanguages();
void start();
