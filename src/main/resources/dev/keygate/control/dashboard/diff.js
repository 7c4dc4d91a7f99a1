// What would change, line by line: the longest common subsequence of two texts' lines.
import {component, pre, span} from './html.js';

const CONTEXT = 3;
const MOST = 4_000_000;

/** [['same' | 'gone' | 'new', line], …] */
export function diff(before, after) {
  const a = before.split('\n'), b = after.split('\n');
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let endA = a.length, endB = b.length;
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) { endA--; endB--; }
  return [
    ...a.slice(0, start).map(line => ['same', line]),
    ...middle(a.slice(start, endA), b.slice(start, endB)),
    ...a.slice(endA).map(line => ['same', line]),
  ];
}

function middle(a, b) {
  if (a.length * b.length > MOST) return [...a.map(line => ['gone', line]), ...b.map(line => ['new', line])];
  const width = b.length + 1;
  const common = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      common[i * width + j] = a[i] === b[j] ? common[(i + 1) * width + j + 1] + 1
        : Math.max(common[(i + 1) * width + j], common[i * width + j + 1]);
    }
  }
  const lines = [];
  let i = 0, j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) { lines.push(['same', a[i++]]); j++; }
    else if (j === b.length || (i < a.length && common[(i + 1) * width + j] >= common[i * width + j + 1])) lines.push(['gone', a[i++]]);
    else lines.push(['new', b[j++]]);
  }
  return lines;
}

const SIGNS = {same: '  ', gone: '− ', new: '+ '};

/** The changed lines with a few around them. */
export const changes = component(function Changes({before, after}) {
  const lines = diff(before, after);
  const near = lines.map((_, at) => lines.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some(([kind]) => kind !== 'same'));
  return pre({class: 'diff', tabIndex: 0, 'aria-label': 'Changes'}, lines.map(([kind, line], at) =>
    near[at] ? span({class: kind}, SIGNS[kind] + line + '\n')
      : near[at - 1] || at === 0 ? span({class: 'gap'}, '  ⋯\n') : null));
});
