/** The API's address, ending in a slash: the page lives in a folder right below it. */
export const base = new URL('..', document.baseURI);

export type Query = Record<string, string>;

/** The address of a resource of the API; `path` has no leading slash and is encoded already. */
export function address(path: string, query: Query = {}): string {
  const url = new URL(path, base);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url.href;
}

export function collectionPath(collection: string): string {
  return `collections/${encodeURIComponent(collection)}`;
}

export function itemPath(collection: string, id: string): string {
  return `${collectionPath(collection)}/items/${encodeURIComponent(id)}`;
}

/**
 * Whatever the server calls itself, the page asks where it came from: a server that is reached by another name
 * than its public one still shows its map.
 */
export function rebased(url: string, from: string, to: string): string {
  return url.startsWith(from) ? to + url.slice(from.length) : url;
}
