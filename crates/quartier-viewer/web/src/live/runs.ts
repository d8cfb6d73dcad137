export interface Sample {
  /** Milliseconds since 1970. */
  time: number;
  value: number;
}

/** Times between readings that are looked at on either side, to tell a pause from a slower rhythm. */
const NEIGHBOURS = 5;

/** So many of the usual steps without a reading are a gap, */
const GAP_STEPS = 3.5;

/** but never less than this. */
const GAP_MS = 180_000;

/** The readings in runs without a gap. */
export function runsOf(samples: Sample[]): Sample[][] {
  const steps = samples.slice(1).map(({ time }, i) => time - (samples[i]?.time ?? time));
  const runs: Sample[][] = [];
  samples.forEach((sample, i) => {
    const isNew = i === 0 || isGap(steps, i - 1);
    if (isNew) runs.push([sample]);
    else runs.at(-1)?.push(sample);
  });
  return runs;
}

function isGap(steps: number[], at: number): boolean {
  const before = median(steps.slice(Math.max(0, at - NEIGHBOURS), at));
  const after = median(steps.slice(at + 1, at + 1 + NEIGHBOURS));
  return (steps[at] ?? 0) > Math.max(GAP_MS, GAP_STEPS * Math.max(before, after));
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
