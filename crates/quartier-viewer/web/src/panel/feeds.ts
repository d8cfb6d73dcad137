import { byId, element } from '../dom';
import { language, onLanguage, text } from '../language';
import { type Condition, conditionOf } from '../live/condition';
import type { Feed } from '../live/model';
import { readFeeds } from '../live/questions';
import { ageText } from '../live/words';
import type { TextKey } from '../texts';

const REFRESH_MS = 10_000;

const WORDS: Record<Condition, TextKey> = {
  ok: 'feedOk',
  silent: 'feedSilent',
  unused: 'feedUnused',
  failed: 'feedFailed',
};

/** Where readings come from. Asked for only while someone looks. */
export function showFeeds(): void {
  const details = byId<HTMLDetailsElement>('feeds');
  let feeds: Feed[] = [];
  const draw = () => byId('feed-list').replaceChildren(...feeds.map(entry));
  const ask = async () => {
    if (!details.open || document.hidden) return;
    try {
      feeds = await readFeeds();
      draw();
    } catch {
      // The stream's health says already that the server is away.
    }
  };
  details.addEventListener('toggle', () => void ask());
  setInterval(() => void ask(), REFRESH_MS);
  onLanguage(draw);
}

function entry(feed: Feed): HTMLElement {
  const condition = conditionOf(feed);
  const count = feed.accepted.toLocaleString(language());
  const said = [text(WORDS[condition])];
  if (feed.last) said.push(ageText(feed.last));
  const made = element(
    'li',
    { 'data-condition': condition },
    element('span', { class: 'health', 'aria-hidden': 'true' }),
    element(
      'span',
      { class: 'feed-name' },
      feed.name === feed.kind ? feed.kind.toUpperCase() : feed.name,
    ),
    element('span', { class: 'feed-count' }, text('accepted', { count })),
    element('small', {}, said.join(' · ')),
  );
  const counts = troubles(feed);
  if (counts) made.append(element('small', {}, counts));
  if (feed.error) made.append(element('small', { class: 'feed-error' }, feed.error));
  return made;
}

function troubles(feed: Feed): string {
  const kinds = ['duplicate', 'late', 'rejected', 'dropped'] as const;
  const counted = kinds.filter((kind) => feed[kind] > 0);
  return counted
    .map((kind) => text(kind, { count: feed[kind].toLocaleString(language()) }))
    .join(' · ');
}
