import { address, type Query } from './address';

/** Longer than the server's own time limit for an answer. */
const TIMEOUT_MS = 30_000;

/** The server did not answer at all. */
export class Away extends Error {}

/** The server answered, but not with what was asked for. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    detail: string,
  ) {
    super(detail);
  }

  /** The server has started, but has not loaded its objects yet. */
  get isStarting(): boolean {
    return this.status === 503;
  }
}

/** Reads a resource of the API as JSON. Fails with `Away`, `Refused`, or the signal's reason. */
export async function read<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
  const response = await answer(address(path, { f: 'json', ...query }), signal);
  if (!response.ok) throw new Refused(response.status, await detail(response));
  return (await response.json()) as T;
}

async function answer(url: string, signal?: AbortSignal): Promise<Response> {
  const limit = AbortSignal.timeout(TIMEOUT_MS);
  try {
    return await fetch(url, { signal: signal ? AbortSignal.any([signal, limit]) : limit });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Away('the server does not answer', { cause: error });
  }
}

async function detail(response: Response): Promise<string> {
  const problem = await response.json().catch(() => ({}));
  return problem.detail ?? problem.title ?? response.statusText;
}
