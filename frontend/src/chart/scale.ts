// Scales and steps: from values to places on a drawing, and round numbers for axes.

export type Scale = (value: number) => number;

export function linear([a, b]: [number, number], [from, to]: [number, number]): Scale {
  const span = b - a || 1;
  return (value) => from + ((value - a) / span) * (to - from);
}

/** At most `most` round values from `low` to `high`: 1, 2 or 5 times a power of ten apart. */
export function ticks(low: number, high: number, most: number): number[] {
  const span = high - low;
  if (!(span > 0)) return [low];
  const rough = span / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough) ?? 10 * power;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
}

/** The hours of the day, every `step` of them, between two instants, in a time zone. */
export function hoursBetween(start: number, end: number, step: number, hourOf: (at: number) => number): number[] {
  const HOUR = 3_600_000;
  const hours: number[] = [];
  for (let at = Math.ceil(start / HOUR) * HOUR; at <= end; at += HOUR) {
    if (hourOf(at) % step === 0) hours.push(at);
  }
  return hours;
}

/** The step an instant lies in, or the nearest one. */
export function stepAt(boundaries: readonly number[], at: number): number {
  const next = boundaries.findIndex((boundary) => boundary > at);
  if (next < 0) return boundaries.length - 2;
  return Math.max(0, next - 1);
}

/** A line of steps: each value holds from its boundary to the next; gaps stay gaps. */
export function stepPath(bounds: readonly number[], values: readonly (number | null | undefined)[], x: Scale, y: Scale): string {
  let path = "";
  let isOpen = false;
  values.forEach((value, index) => {
    const from = bounds[index];
    const to = bounds[index + 1];
    if (value == null || from === undefined || to === undefined) {
      isOpen = false;
      return;
    }
    path += `${isOpen ? "L" : "M"}${round(x(from))} ${round(y(value))}H${round(x(to))}`;
    isOpen = true;
  });
  return path;
}

/** The area between two staircases of the same steps. */
export function bandPath(bounds: readonly number[], low: readonly number[], high: readonly number[], x: Scale, y: Scale): string {
  let there = "";
  let back = "";
  for (let index = 0; index + 1 < bounds.length; index++) {
    const from = round(x(bounds[index] ?? 0));
    const to = round(x(bounds[index + 1] ?? 0));
    there += `${index === 0 ? "M" : "L"}${from} ${round(y(high[index] ?? 0))}H${to}`;
    back = `L${to} ${round(y(low[index] ?? 0))}H${from}${back}`;
  }
  return there === "" ? "" : `${there}${back}Z`;
}

export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
