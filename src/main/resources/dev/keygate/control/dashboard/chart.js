// Charts of a few numbers over time, as SVG; the numbers are in a table for who does not see them.
import {component, div, h3, path, rect, span, svg, table, tbody, td, th, thead, title, tr} from './html.js';

const WIDTH = 600, HEIGHT = 120;

/** Points at every step from since to until: where nothing was said nothing happened. */
export function filled({since, until, step_seconds, series}, most = 400) {
  const step = step_seconds * 1000;
  const known = new Map(series.map(one => [Date.parse(one.at), one]));
  const points = [];
  const end = Date.parse(until);
  const begin = Math.max(Math.floor(Date.parse(since) / step) * step, end - most * step);
  for (let at = begin; at < end; at += step) points.push({at, ...(known.get(at) ?? {})});
  return points;
}

const time = (at, step) => new Date(at).toLocaleString('en-GB', step >= 86400
  ? {day: 'numeric', month: 'short'}
  : {day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit'});

/** {name, points, step, parts: [[class, name, point => number]], shown: number => text, lines} */
export const chart = component(function Chart({name, points, step, parts, shown, lines}) {
  const sums = points.map(point => lines ? Math.max(...parts.map(([, , of]) => of(point) ?? 0))
    : parts.reduce((sum, [, , of]) => sum + (of(point) ?? 0), 0));
  const top = Math.max(...sums, 0) || 1;
  const width = WIDTH / Math.max(points.length, 1);
  const told = points.map((point, at) => ({point, at})).filter(({at}) => sums[at] > 0);
  return div({class: 'chart'},
    h3(name, span({class: 'quiet'}, sums.some(sum => sum > 0) ? ` up to ${shown(top)}` : ' nothing yet')),
    svg({viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', 'aria-hidden': 'true'},
      lines ? parts.map(([kind, , of]) => path({class: 'line ' + kind, d: line(points, of, top, width)}))
        : told.flatMap(({point, at}) => bars({point, at, parts, top, width, text:
          `${time(point.at, step)}: ${parts.map(([, part, of]) => `${part} ${shown(of(point) ?? 0)}`).join(', ')}`}))),
    div({class: 'legend'}, span(points.length ? time(points[0].at, step) : ''),
      span(parts.map(([kind, part]) => span({class: 'of ' + kind, key: kind}, part))),
      span('now')),
    table({class: 'unseen'}, thead(tr(th('Time'), parts.map(([, part]) => th({key: part}, part)))),
      tbody(told.slice(-48).map(({point}) => tr({key: point.at}, td(time(point.at, step)),
        parts.map(([, part, of]) => td({key: part}, shown(of(point) ?? 0))))))));
});

function bars({point, at, parts, top, width, text}) {
  let y = HEIGHT;
  return parts.map(([kind, , of]) => {
    const height = (of(point) ?? 0) / top * HEIGHT;
    y -= height;
    return height > 0 && rect({class: kind, key: at + kind, x: at * width, y, width: Math.max(width * 0.85, 1), height}, title(text));
  });
}

/** A line that is broken where there is nothing. */
function line(points, of, top, width) {
  let isDrawing = false;
  return points.map((point, at) => {
    const value = of(point);
    if (!value) { isDrawing = false; return ''; }
    const y = HEIGHT - value / top * (HEIGHT - 4) - 2;
    const x = (at + 0.5) * width;
    const first = isDrawing ? `L${x} ${y}` : `M${x - width * 0.3} ${y}H${x + width * 0.3}`;
    isDrawing = true;
    return first;
  }).join('');
}

/** The course of one number, in a line's height. */
export const sparkline = component(function Sparkline({points, of, label}) {
  const top = Math.max(...points.map(point => of(point) ?? 0), 1);
  const width = WIDTH / Math.max(points.length, 1);
  return svg({class: 'sparkline', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': label},
    points.map((point, at) => of(point) > 0 && rect({class: 'good', key: at, x: at * width, width: width * 0.85,
      y: HEIGHT - of(point) / top * HEIGHT, height: of(point) / top * HEIGHT})));
});
