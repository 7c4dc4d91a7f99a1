// Elements as functions: p({class: 'note'}, 'text', b('more')). Text is always text, never markup.
import {h, Fragment, render} from './preact.js';
export {useState, useEffect, useRef, useMemo, useCallback} from './hooks.js';
export {h, render};

const isProps = x => x !== null && typeof x === 'object' && x.constructor === Object;
const element = type => (first, ...rest) =>
  isProps(first) ? h(type, first, ...rest) : h(type, null, first, ...rest);

/** A component of ours as such a function. */
export const component = element;
export const group = element(Fragment);
export const a = element('a'), b = element('b'), button = element('button'), code = element('code'),
  dd = element('dd'), dialog = element('dialog'), div = element('div'), dl = element('dl'),
  dt = element('dt'), footer = element('footer'), form = element('form'), h1 = element('h1'),
  h2 = element('h2'), header = element('header'), input = element('input'),
  label = element('label'), li = element('li'), main = element('main'), nav = element('nav'),
  ol = element('ol'), option = element('option'), p = element('p'), pre = element('pre'),
  section = element('section'), select = element('select'), small = element('small'),
  span = element('span'), table = element('table'), tbody = element('tbody'), td = element('td'),
  textarea = element('textarea'), th = element('th'), thead = element('thead'),
  time = element('time'), tr = element('tr'), ul = element('ul'), details = element('details'),
  summary = element('summary'), svg = element('svg'), rect = element('rect'),
  title = element('title'), fieldset = element('fieldset'), legend = element('legend');

const SPANS = [['day', 86400], ['hour', 3600], ['minute', 60]];
const WORDS = new Intl.RelativeTimeFormat('en', {numeric: 'auto'});

/** A moment as people say it, with the exact one in its title. */
export function ago(moment, never = 'never') {
  if (!moment) return span({class: 'quiet'}, never);
  const seconds = (Date.parse(moment) - Date.now()) / 1000;
  const [unit, size] = SPANS.find(([, length]) => Math.abs(seconds) >= length) ?? ['minute', 60];
  const text = Math.abs(seconds) < 60 ? 'just now' : WORDS.format(Math.round(seconds / size), unit);
  return time({dateTime: moment, title: moment}, text);
}
