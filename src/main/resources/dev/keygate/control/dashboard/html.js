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
  h3 = element('h3'), summary = element('summary'), svg = element('svg'), rect = element('rect'), path = element('path'),
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

const WHOLE = new Intl.NumberFormat('en', {maximumFractionDigits: 0});
const SHORT = new Intl.NumberFormat('en', {notation: 'compact', maximumFractionDigits: 1});

/** A number as people read it: all digits of a small one, the first few of a large one. */
export const count = number => (Math.abs(number) < 10_000 ? WHOLE : SHORT).format(number);

/** Milliseconds in the unit that suits them. */
export const took = ms => ms == null ? '–' : ms < 10 ? `${ms.toFixed(1)} ms` : ms < 1000 ? `${Math.round(ms)} ms`
  : `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;

/** US dollars, exact enough for what a request costs. */
export const dollars = usd => usd == null ? '–' : usd === 0 ? '$0' : usd < 0.01 ? '$' + usd.toPrecision(2)
  : new Intl.NumberFormat('en', {style: 'currency', currency: 'USD'}).format(usd);
