import type { Reading } from '../src/live/model';
import { ask } from './city';
import { server } from './visit';

/** Sensors of one property that speak once a minute, so that a test's own reading is seen for a while. */
export const SLOW = 'Water level';

export async function latest(property: string): Promise<(Reading & { point: [number, number] })[]> {
  const path = `twin/v1/latest?property=${encodeURIComponent(property)}`;
  const { readings } = await ask<{ readings: Reading[] }>(path);
  return readings.flatMap((it) => (it.point ? [{ ...it, point: it.point }] : []));
}

/** A device says something now. */
export async function say(datastream: number, result: number): Promise<void> {
  const path = `sensorthings/v1.1/Datastreams(${datastream})/Observations`;
  const response = await fetch(new URL(path, server), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ result }),
  });
  if (response.status !== 201) throw new Error(`${response.status}: ${await response.text()}`);
}
