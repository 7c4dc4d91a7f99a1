// Overview: what went through the gateway lately, and where it comes from and goes.
import {a, code, component, dd, div, dl, dt, h1, h2, p, useEffect, useState} from './html.js';
import {get} from './api.js';
import {field, problem} from './form.js';
import {chart, count, money, took} from './figures.js';
import {grid} from './listing.js';
import {firstSteps} from './firststeps.js';

const HOUR = 3_600_000;
const PERIODS = [['1', 'The last hour'], ['24', 'The last 24 hours'], ['168', 'The last 7 days'], ['720', 'The last 30 days']];
const EVERY = 5000;

/** What the control API says of the last hours, asked anew while the page is seen. */
function useOverview(hours) {
  const [state, setState] = useState({});
  useEffect(() => {
    let isOver = false, timer;
    const load = async () => {
      if (!document.hidden) {
        const until = new Date(), since = new Date(until - hours * HOUR);
        const answer = await get(`usage/overview?since=${since.toISOString()}&until=${until.toISOString()}`)
          .then(found => ({found}), error => ({error}));
        if (!isOver) setState(answer);
      }
      if (!isOver) timer = setTimeout(load, EVERY);
    };
    load();
    return () => { isOver = true; clearTimeout(timer); };
  }, [hours]);
  return state;
}

const total = (name, value, kind) => div(dt(name), dd({class: kind}, value));
const rows = (list, id) => ({rows: list.filter(row => row[id]).map(row => ({...row, id: row[id]})), more: false});

const KEYS = [
  ['Key', row => a({href: '#/keys/' + row.id}, code(row.id))],
  ['Requests', row => count(row.requests)], ['Errors', row => count(row.errors)],
  ['Tokens', row => count(row.tokens_in + row.tokens_out)], ['Cost', row => money(row.cost_usd)],
];
const MODELS = [
  ['Model', row => code(row.id)], ['Provider', row => row.provider],
  ['Requests', row => count(row.requests)], ['Errors', row => count(row.errors)],
  ['Cost', row => money(row.cost_usd)], ['95 of 100 within', row => took(row.duration_p95_ms)],
];

export const overviewPage = component(function Overview() {
  const [hours, setHours] = useState('24');
  const [hasKeys, setHasKeys] = useState(true);
  useEffect(() => {
    get('ai_gateway_api_keys?limit=1').then(answer => setHasKeys(answer.ai_gateway_api_keys.length > 0), () => {});
  }, []);
  const {found, error} = useOverview(Number(hours));
  if (!hasKeys) return firstSteps();
  return div(
    h1('Overview'),
    div({class: 'pick'}, field({label: 'Time', required: true, value: hours, onValue: setHours, options: PERIODS})),
    problem({error}),
    found ? seen(found) : !error && p({class: 'quiet loading'}, 'Loading…'));
});

function seen(found) {
  const {totals, series} = found;
  if (totals.requests === 0) {
    return div({class: 'empty'}, p('No request in this time. ', a({href: '#/keys/new'}, 'Create a key'),
      ' and send one: it shows up here within seconds.'));
  }
  const over = {series, step: found.step_seconds, since: found.since, until: found.until};
  return div(
    dl({class: 'totals'},
      total('Requests', count(totals.requests)),
      total('Errors', count(totals.errors), totals.errors > 0 ? 'bad' : undefined),
      total('Tokens in', count(totals.tokens_in)), total('Tokens out', count(totals.tokens_out)),
      total('Cost', money(totals.cost_usd)),
      total('Half within', took(totals.duration_p50_ms)), total('95 of 100 within', took(totals.duration_p95_ms)),
      total('First byte, 95 of 100', took(totals.first_byte_p95_ms))),
    div({class: 'charts'},
      chart({...over, name: 'Requests', parts: [[point => point.requests - point.errors, ''], [point => point.errors, 'bad']],
        say: point => `${count(point.requests)}, of these ${count(point.errors)} errors`}),
      chart({...over, name: 'Tokens', parts: [[point => point.tokens_in + point.tokens_out, '']],
        say: point => count((point.tokens_in ?? 0) + (point.tokens_out ?? 0))}),
      chart({...over, name: 'Cost', parts: [[point => point.cost_usd, '']], say: point => money(point.cost_usd)}),
      chart({...over, name: 'Time for 95 of 100', parts: [[point => point.duration_p95_ms, '']],
        say: point => took(point.duration_p95_ms)})),
    h2('Keys of most requests'),
    grid({caption: 'Keys of most requests', columns: KEYS, list: rows(found.top_keys, 'ai_gateway_api_key_id'), empty: p('None.')}),
    h2('Models of most requests'),
    grid({caption: 'Models of most requests', columns: MODELS, list: rows(found.top_models, 'model'), empty: p('None.')}));
}
