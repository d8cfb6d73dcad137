import { collectionPath, type Query } from './address';
import { read } from './api';
import type { Catalogue } from './catalogue';
import { nameOf, nameProperties } from './describe';
import type { CityMap } from './map/city';
import type { Seen } from './map/seen';
import { type Collection, type Item, type Items, type ObjectName, titleOf } from './model';
import { questionsOf } from './questions';

export interface Hit {
  name: ObjectName;
  label: string;
  /** Of the collection. */
  title: string;
  /** Only a part of the name matches, and only what the map has loaded was searched. */
  isLoose: boolean;
}

export interface Findings {
  hits: Hit[];
  /** How many more objects have just this id or name. */
  more: number;
}

/** As many as one name deserves in a list that is read at a glance. */
const HITS_PER_NAME = 5;
const LOOSE_HITS_MAX = 8;

/** A twin of very many collections is searched for ids first, then for as many names as that leaves. */
const QUESTIONS_MAX = 100;

/** One letter is in every name. */
const LOOSE_LETTERS_MIN = 2;

/**
 * Objects by their id or the one of their source, then by their exact name or address, in all collections; last, objects on the map whose name
 * holds the text.
 */
export async function find(
  wanted: string,
  catalogue: Catalogue,
  city: CityMap,
  signal: AbortSignal,
): Promise<Findings> {
  const questions = catalogue.collections.flatMap((collection) => {
    const schema = catalogue.schemas.get(collection.id) ?? {};
    return questionsOf(wanted, schema).map((query) => ({ collection, query }));
  });
  const rank = (query: Query) => ('id' in query ? 0 : 'source_id' in query ? 1 : 2);
  questions.sort((a, b) => rank(a.query) - rank(b.query));
  const answers = await Promise.all(
    questions
      .slice(0, QUESTIONS_MAX)
      .map(({ collection, query }) => ask(collection, query, catalogue, signal)),
  );
  const exact = answers.flatMap(({ hits }) => hits);
  const more = answers.reduce((sum, answer) => sum + answer.more, 0);
  return { hits: distinct([...exact, ...onMap(wanted, catalogue, city)]), more };
}

async function ask(
  collection: Collection,
  query: Query,
  catalogue: Catalogue,
  signal: AbortSignal,
): Promise<Findings> {
  const path = `${collectionPath(collection.id)}/items`;
  const limit = String(HITS_PER_NAME);
  const { features, numberMatched } = await read<Items>(path, { ...query, limit }, signal);
  const hits = features.map((item) => hitOf(collection, item, catalogue));
  return { hits, more: Math.max(0, (numberMatched ?? 0) - features.length) };
}

function hitOf(collection: Collection, item: Item, catalogue: Catalogue): Hit {
  const seen = {
    collection: collection.id,
    id: String(item.id ?? ''),
    properties: item.properties ?? {},
  };
  return hit(collection, seen, catalogue, false);
}

function onMap(wanted: string, catalogue: Catalogue, city: CityMap): Hit[] {
  if (wanted.length < LOOSE_LETTERS_MIN) return [];
  const hits = catalogue.collections.flatMap((collection) => {
    const properties = namesOf(collection, catalogue);
    if (properties.length === 0) return [];
    const seen = city.objectsCalled(collection.id, properties, wanted);
    return seen.map((object) => hit(collection, object, catalogue, true));
  });
  return hits.sort((a, b) => a.label.length - b.label.length).slice(0, LOOSE_HITS_MAX);
}

function hit(collection: Collection, seen: Seen, catalogue: Catalogue, isLoose: boolean): Hit {
  const label = nameOf(seen.id, seen.properties, catalogue.schemas.get(collection.id) ?? {});
  const name = { collection: collection.id, id: seen.id };
  return { name, label, title: titleOf(collection), isLoose };
}

function namesOf({ id }: Collection, catalogue: Catalogue): string[] {
  return nameProperties(catalogue.schemas.get(id) ?? {});
}

function distinct(hits: Hit[]): Hit[] {
  const seen = new Set<string>();
  return hits.filter(({ name }) => {
    const key = `${name.collection}/${name.id}`;
    return !seen.has(key) && seen.add(key);
  });
}
