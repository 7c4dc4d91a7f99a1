// Requests: those that ended last first, as they end; and one of them, explained.
import {a, ago, component, count, div, dollars, h1, input, label, p, span, took, useState} from './html.js';
import {can} from './api.js';
import {field} from './form.js';
import {grid, useCalm, useEvery, useList} from './listing.js';
import {keyLink, useKeyNames} from './names.js';

const EVERY = 1500;
const STATUSES = [['', 'Any'], ['2xx', '2xx: served'], ['4xx', '4xx: refused'], ['5xx', '5xx: failed'], ['401', '401: no valid key'],
  ['403', '403: not allowed'], ['429', '429: too many'], ['0', 'The client was gone']];

/** A status in its colour. */
export const statusTag = ({status}) => span({class: 'tag ' + (status >= 200 && status < 400 ? 'on' : status >= 500 ? 'failed' : 'off')},
  status === 0 ? 'gone' : status);

const COLUMNS = [
  ['When', row => a({href: '#/requests/' + row.id, 'aria-label': `Request ${row.id}`}, ago(row.created_at))],
  ['Status', row => [statusTag(row), row.error_code && span({class: 'quiet code'}, ' ', row.error_code.replace('ERR_', ''))]],
  ['Model', row => row.model || row.models_asked[0] || '–'],
  ['Provider', row => row.provider || '–'],
  ['Key', row => keyLink(row.ai_gateway_api_key?.id)],
  ['Took', row => took(row.duration_ms)],
  ['Tokens', row => row.tokens === 'unknown' ? '–' : count(row.tokens_in + row.tokens_out)],
  ['Cost', row => dollars(row.cost_usd)],
];

export const requestsPage = component(function Requests() {
  const [only, setOnly] = useState({status: '', model: '', provider: '', ai_gateway_api_key_id: ''});
  const [isLive, setLive] = useState(true);
  const calm = useCalm(JSON.stringify(only));
  const list = useList('requests', '', trimmed(JSON.parse(calm)));
  useEvery(EVERY, list.reload, isLive);
  useKeyNames((list.rows ?? []).map(row => row.ai_gateway_api_key?.id));
  const bind = name => ({value: only[name], onValue: value => setOnly({...only, [name]: value})});
  const next = () => { setLive(false); list.next(); };
  const isFiltered = Object.values(only).some(value => value !== '');
  return div(
    div({class: 'title'}, h1('Requests'), label({class: 'check'},
      input({type: 'checkbox', checked: isLive, onChange: event => setLive(event.currentTarget.checked)}),
      span('Show new ones as they end'))),
    div({class: 'columns filters', role: 'search'},
      field({label: 'Status', required: true, options: STATUSES, ...bind('status')}),
      field({label: 'Model', type: 'search', placeholder: 'gpt-4o', ...bind('model')}),
      field({label: 'Provider', type: 'search', placeholder: 'openai', ...bind('provider')}),
      field({label: 'Key’s id', type: 'search', placeholder: 'aigk_…', ...bind('ai_gateway_api_key_id')})),
    grid({caption: 'Requests', columns: COLUMNS, list: {...list, next}, empty: isFiltered ? p('No request matches.')
      : p('No request yet. ', can('ai_gateway_api_keys.create') && [a({href: '#/keys/new'}, 'Create a key'),
        ', paste the request that comes with it, and it '], can('ai_gateway_api_keys.create') ? 'appears here as it happens.' : '')}));
});

const trimmed = texts => Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, text.trim()]));
