import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Listener } from './stream';

/** What the page does with an EventSource, without a network. */
class Source extends EventTarget {
  static readonly CLOSED = 2;
  static opened: Source[] = [];
  readyState = 0;

  constructor(readonly url: string) {
    super();
    Source.opened.push(this);
  }

  close(): void {
    this.readyState = Source.CLOSED;
  }

  tell(type: string, data: unknown, lastEventId = ''): void {
    const event = Object.assign(new Event(type), { data: JSON.stringify(data), lastEventId });
    this.dispatchEvent(event);
  }

  break(readyState: number): void {
    this.readyState = readyState;
    this.dispatchEvent(new Event('error'));
  }
}

const page = Object.assign(new EventTarget(), { hidden: false, baseURI: 'http://city/map/' });

function see(isHidden: boolean): void {
  page.hidden = isHidden;
  page.dispatchEvent(new Event('visibilitychange'));
}

function listener() {
  const nothing = vi.fn();
  return {
    readings: vi.fn<Listener['readings']>(),
    snapshot: vi.fn<Listener['snapshot']>(),
    health: vi.fn<Listener['health']>(),
    reset: vi.fn(),
    objects: vi.fn<Listener['objects']>(),
    fences: nothing,
  };
}

async function opened() {
  const { Stream } = await import('./stream');
  const heard = listener();
  const stream = new Stream({ property: 'NO2' }, heard);
  const [source] = Source.opened;
  if (!source) throw new Error('nothing was opened');
  return { stream, heard, source };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('document', page);
  vi.stubGlobal('EventSource', Source);
  vi.stubGlobal('navigator', { onLine: true });
  vi.stubGlobal('addEventListener', () => undefined);
  vi.stubGlobal('removeEventListener', () => undefined);
});

afterEach(() => {
  Source.opened = [];
  page.hidden = false;
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('each event is told as what it is', async () => {
  const { stream, heard, source } = await opened();
  expect(source.url).toBe('http://city/live?property=NO2');
  source.tell('snapshot', { readings: [], complete: true }, '1-4');
  source.tell('readings', [{ datastream: 7 }], '1-5');
  source.tell('objects', [{ collection: 'trees', bboxes: null }]);
  source.tell('reset', {});
  expect(heard.snapshot).toHaveBeenCalledWith({ readings: [], complete: true });
  expect(heard.readings).toHaveBeenCalledWith([{ datastream: 7 }]);
  expect(heard.objects).toHaveBeenCalledWith([{ collection: 'trees', bboxes: null }]);
  expect(heard.reset).toHaveBeenCalledOnce();
  stream.close();
});

test('a connection that breaks is left to the browser', async () => {
  const { stream, heard, source } = await opened();
  source.break(0);
  expect(heard.health).toHaveBeenLastCalledWith('waiting');
  vi.advanceTimersByTime(120_000);
  expect(Source.opened).toHaveLength(1);
  stream.close();
});

test('after an answer that is an error it goes on where it was, later and later', async () => {
  const { stream, source } = await opened();
  source.tell('readings', [], '1795435810488-19188.3');
  for (let attempt = 0; attempt < 9; attempt++) source.break(0);
  source.break(Source.CLOSED);
  vi.advanceTimersByTime(1_000);
  expect(Source.opened).toHaveLength(1);
  vi.advanceTimersByTime(1_001);
  const [, second] = Source.opened;
  expect(second?.url).toContain('lastEventId=1795435810488-19188.3');
  second?.break(Source.CLOSED);
  vi.advanceTimersByTime(2_999);
  expect(Source.opened).toHaveLength(2);
  vi.advanceTimersByTime(1_001);
  expect(Source.opened).toHaveLength(3);
  stream.close();
});

test('a page that nobody looks at stops listening, and goes on when someone looks', async () => {
  const { stream, source } = await opened();
  source.tell('readings', [], '1-9');
  see(true);
  vi.advanceTimersByTime(59_000);
  expect(source.readyState).not.toBe(Source.CLOSED);
  vi.advanceTimersByTime(1_001);
  expect(source.readyState).toBe(Source.CLOSED);
  see(false);
  expect(Source.opened[1]?.url).toContain('lastEventId=1-9');
  stream.close();
});

test('a glance elsewhere interrupts nothing', async () => {
  const { stream } = await opened();
  see(true);
  vi.advanceTimersByTime(30_000);
  see(false);
  vi.advanceTimersByTime(120_000);
  expect(Source.opened).toHaveLength(1);
  stream.close();
});

test('attempts grow rarer up to a minute', async () => {
  const { backOffMs } = await import('./stream');
  expect([1, 2, 3, 9].map((failures) => backOffMs(failures, 1))).toEqual([2e3, 4e3, 8e3, 6e4]);
  expect(backOffMs(1, 0)).toBe(1_500);
});
