// Overview: what went through the gateway, as it happens.
import {a, component, count, dd, div, dl, dollars, dt, h1, h2, p, span, took, useEffect, useRef, useState} from './html.js';
import {get} from './api.js';
import {chart, filled} from './chart.js';
import {firstSteps} from './firststeps.js';
import {field, problem} from './form.js';
import {asked, grid, useEvery} from './listing.js';
import {keyLink, useKeyNames} from './names.js';

const PERIODS = [['1', 'The last hour'], ['24', 'The last 24 hours'], ['168', 'The last 7 days'], ['720', 'The last 30 days']];
const EVERY = 2000;

/** The sums of the last so many hours, kept up to date: [sums, error]. */
export function useOverview(hours, only = {}) {
  const [state, setState] = useState([null, null]);
  const latest = useRef(0);
  const query = JSON.stringify(only);
  const load = async () => {
    const turn = ++latest.current;
    const since = new Date(Date.now() - hours * 3600_000).toISOString();
    const next = await get('usage/overview?' + asked({since, ...only})).then(found => [found, null], error => [null, error]);
    if (turn === latest.current) setState(now => next[1] && now[0] ? [now[0], next[1]] : next);
  };
  useEffect(() => { load(); }, [hours, query]);
  useEvery(EVERY, load);
  return state;
}

export const overviewPage = component(function Overview() {
  const [hours, setHours] = useState('1');
  const [sums, error] = useOverview(+hours);
  const [isNew, setIsNew] = useState(null);
  useKeyNames((sums?.top_keys ?? []).map(one => one.ai_gateway_api_key_id));
  useEffect(() => {
    get('ai_gateway_api_keys?limit=1').then(found => setIsNew(found.ai_gateway_api_keys.length === 0), () => setIsNew(false));
  }, []);
  if (!sums && error) return div(h1('Overview'), problem({error}));
  if (!sums || isNew === null) return p({class: 'quiet loading'}, 'Loading…');
  if (isNew && sums.totals.requests === 0) return firstSteps();
  return div(
    div({class: 'title'}, h1('Overview'), field({label: 'Time', required: true, value: hours, onValue: setHours, options: PERIODS})),
    problem({error}),
    tiles(sums.totals),
    sums.totals.requests === 0 && div({class: 'empty'}, p('No request in this time. This page shows the next one as it happens; ',
      a({href: '#/keys'}, 'a key’s page'), ' says how to send one.')),
    charts(sums),
    h2('Keys of most requests'),
    grid({caption: 'Keys of most requests', list: {rows: named(sums.top_keys)}, empty: p('None yet.'),
      columns: [['Key', row => keyLink(row.ai_gateway_api_key_id)], ...NUMBERS]}),
    h2('Models of most requests'),
    grid({caption: 'Models of most requests', list: {rows: named(sums.top_models)}, empty: p('None yet.'),
      columns: [['Model', row => row.model || 'none: refused before'], ['Provider', row => row.provider || '–'], ...NUMBERS]}));
});

const named = rows => rows.map((row, at) => ({id: at, ...row}));

const share = (errors, requests) => requests ? `${(100 * errors / requests).toFixed(errors && errors < requests ? 1 : 0)} %` : '–';

const NUMBERS = [
  ['Requests', row => count(row.requests)],
  ['Errors', row => span({class: row.errors ? 'bad' : 'quiet'}, share(row.errors, row.requests))],
  ['Tokens', row => count(row.tokens_in + row.tokens_out)],
  ['Cost', row => dollars(row.cost_usd)],
  ['95 % within', row => took(row.duration_p95_ms)],
];

const tiles = totals => dl({class: 'tiles', 'aria-live': 'off'},
  tile('Requests', count(totals.requests)),
  tile('Errors', share(totals.errors, totals.requests), totals.errors > 0 ? 'bad' : ''),
  tile('Tokens in', count(totals.tokens_in)),
  tile('Tokens out', count(totals.tokens_out)),
  tile('Cost', dollars(totals.cost_usd)),
  tile('Half within', totals.requests ? took(totals.duration_p50_ms) : '–'),
  tile('95 % within', totals.requests ? took(totals.duration_p95_ms) : '–'));

const tile = (name, text, kind = '') => div({key: name}, dt(name), dd({class: kind}, text));

const charts = sums => {
  const points = filled(sums);
  const step = sums.step_seconds;
  return div({class: 'charts'},
    chart({name: 'Requests', points, step, shown: count, parts: [
      ['good', 'answered', one => (one.requests ?? 0) - (one.errors ?? 0)], ['bad', 'errors', one => one.errors]]}),
    chart({name: 'Latency', points, step, shown: took, lines: true, parts: [
      ['good', '95 %', one => one.duration_p95_ms], ['other', 'half', one => one.duration_p50_ms]]}),
    chart({name: 'Tokens', points, step, shown: count, parts: [
      ['good', 'in', one => one.tokens_in], ['other', 'out', one => one.tokens_out]]}),
    chart({name: 'Cost', points, step, shown: dollars, parts: [['good', 'US dollars', one => one.cost_usd]]}));
};
