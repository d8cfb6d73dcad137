import type { Feed } from './model';

/** A source of which nothing was heard for so long is silent. */
const SILENT_MS = 600_000;

export type Condition = 'ok' | 'silent' | 'unused' | 'failed';

/** How a source of readings is: a connection that is down or an error counts more than what came before. */
export function conditionOf({ connected, error, last }: Feed, now = Date.now()): Condition {
  if (connected === false || (error && connected !== true)) return 'failed';
  if (!last) return connected ? 'silent' : 'unused';
  return now - Date.parse(last) > SILENT_MS ? 'silent' : 'ok';
}
