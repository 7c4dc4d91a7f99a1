// Numbers, charts and times as people read them.
import {div, h2, rect, span, svg, title} from './html.js';

const COUNT = new Intl.NumberFormat('en', {notation: 'compact', maximumFractionDigits: 1});
const MONEY = new Intl.NumberFormat('en', {style: 'currency', currency: 'USD', maximumSignificantDigits: 3});

export const count = number => COUNT.format(number ?? 0);
export const money = dollars => dollars === null || dollars === undefined ? 'unknown' : MONEY.format(dollars);

/** Milliseconds, in seconds when there are many. */
export const took = millis => millis === null || millis === undefined ? 'never'
  : millis >= 10_000 ? `${(millis / 1000).toFixed(0)} s` : millis >= 1000 ? `${(millis / 1000).toFixed(1)} s`
  : `${millis < 10 ? millis.toFixed(1) : Math.round(millis)} ms`;

/** A status in its colour; 0 is a client that was gone first. */
export const statusTag = status => span({class: 'tag ' + (status >= 200 && status < 400 ? 'on' : 'off')}, status || 'Gone');

/**
 * Bars over time. `parts` are functions of a point, the first drawn lowest, each with a class; points that
 * are missing are empty.
 */
export function chart({name, series, step, since, until, parts, say}) {
  const start = Date.parse(since) / 1000, slots = Math.max(1, Math.ceil((Date.parse(until) / 1000 - start) / step));
  const highest = Math.max(...series.map(point => parts.reduce((sum, [of]) => sum + of(point), 0)), 1e-9);
  const bars = series.flatMap(point => {
    const x = (Date.parse(point.at) / 1000 - start) / step;
    let top = 100;
    return parts.map(([of, kind]) => {
      const height = 96 * of(point) / highest;
      top -= height;
      return rect({key: point.at + kind, class: kind, x: x + .1, y: top, width: .8, height},
        title(`${new Date(point.at).toLocaleString()}: ${say(point)}`));
    });
  });
  return div({class: 'chart'}, h2(name),
    svg({viewBox: `0 0 ${slots} 100`, preserveAspectRatio: 'none', role: 'img', 'aria-label':
      `${name} over time, highest ${say(series.reduce((high, point) =>
        parts[0][0](point) > parts[0][0](high) ? point : high, series[0] ?? {}))}`}, bars),
    div({class: 'ends'}, span(new Date(since).toLocaleString()), span(new Date(until).toLocaleString())));
}
