// Requests: what happened to each, as they come; and one of them step by step.
import {a, ago, code, component, dd, div, dl, dt, h1, h2, input, label, p, rect, svg, title, useEffect, useState} from './html.js';
import {field, problem} from './form.js';
import {count, money, statusTag, took} from './figures.js';
import {finds, grid, useCalm, useList, useObject} from './listing.js';

const EVERY = 2000;
const KINDS = [['', 'All'], ['obj.status >= 200 && obj.status < 400', 'Answered'], ['obj.status >= 400', 'Errors'],
  ['obj.status >= 500', 'Errors of providers and gateway'], ['obj.status == 401 || obj.status == 403', 'Not let in'],
  ['obj.status == 429', 'Too many'], ['size(obj.attempts) > 1', 'More than one attempt']];

const modelOf = row => row.model ? `${row.provider}:${row.model}` : row.models_asked.join(', ');
const tokensOf = row => row.tokens === 'unknown' ? '' : `${count(row.tokens_in)} + ${count(row.tokens_out)}`;

const COLUMNS = [
  ['When', row => a({href: '#/requests/' + row.id}, ago(row.created_at))],
  ['Answer', row => statusTag(row.status)],
  ['API', row => row.surface || 'none'],
  ['Model', row => code(modelOf(row))],
  ['Tokens', tokensOf],
  ['Cost', row => row.cost_usd === null ? '' : money(row.cost_usd)],
  ['Took', row => took(row.duration_ms)],
];

export const requestsPage = component(function Requests() {
  const [search, setSearch] = useState('');
  const [kind, setKind] = useState('');
  const [isLive, setLive] = useState(true);
  const found = finds(useCalm(search), ['id', 'model', 'provider', 'client_ip', 'error_code', 'surface']);
  const list = useList('requests', [kind, found].filter(Boolean).map(part => `(${part})`).join(' && '));
  const isAtTop = (list.rows?.length ?? 0) <= 50;
  useEffect(() => {
    if (!isLive || !isAtTop) return undefined;
    const timer = setInterval(() => { if (!document.hidden) list.reload(); }, EVERY);
    return () => clearInterval(timer);
  }, [isLive, isAtTop, list.reload]);
  return div(
    h1('Requests'),
    p({class: 'lead'}, 'Those that ended last first. No prompt or answer is kept.'),
    div({class: 'pick', role: 'search'},
      field({label: 'Search', type: 'search', value: search, onValue: setSearch, placeholder: 'Id, model, address or code'}),
      field({label: 'Show', required: true, value: kind, onValue: setKind, options: KINDS}),
      label({class: 'check'}, input({type: 'checkbox', checked: isLive, onChange: event => setLive(event.target.checked)}),
        'As they come')),
    grid({caption: 'Requests', columns: COLUMNS, list, empty: p('No request yet that matches. ',
      a({href: '#/keys/new'}, 'Create a key'), ' and send one.')}));
});

export const requestPage = component(function Request({id}) {
  const [request, error] = useObject('requests/' + id);
  const back = p(a({href: '#/requests'}, '← Requests'));
  if (error) return div(back, problem({error}));
  if (!request) return p({class: 'quiet loading'}, 'Loading…');
  return div(back,
    div({class: 'title'}, h1('Request'), statusTag(request.status)),
    dl({class: 'facts'},
      dt('Id'), dd(code(request.id)),
      dt('Came'), dd(ago(request.created_at)),
      dt('From'), dd(code(request.client_ip)),
      dt('Key'), dd(link(request.ai_gateway_api_key, 'keys', 'no valid key')),
      dt('Endpoint'), dd(link(request.endpoint, 'endpoints', 'none at this host')),
      dt('API'), dd(request.surface || 'no API is at its path'),
      dt('Asked for'), dd(request.models_asked.length ? code(request.models_asked.join(', ')) : 'no model by name'),
      request.error_code && [dt('Refused'), dd(code(request.error_code), request.reason && `, since: ${request.reason}`)],
      dt('First byte'), dd(took(request.first_byte_ms)),
      dt('Took'), dd(took(request.duration_ms)),
      dt('Bytes'), dd(`${count(request.bytes_in)} in, ${count(request.bytes_out)} out`),
      dt('Tokens'), dd(`${count(request.tokens_in)} in, ${count(request.tokens_out)} out, ${request.tokens}`),
      dt('Cost'), dd(money(request.cost_usd))),
    h2('What might have served it'),
    grid({caption: 'Candidates', columns: CANDIDATES, list: numbered(request.candidates), empty: p('Nothing was looked for.')}),
    request.skipped_keys.length > 0 && [h2('Keys passed over'),
      grid({caption: 'Keys passed over', columns: SKIPPED, list: numbered(request.skipped_keys)})],
    h2('What was tried'),
    grid({caption: 'Attempts', columns: attempts(request), list: numbered(request.attempts), empty: p('No provider was called.')}));
});

const link = (ref, page, otherwise) => ref ? a({href: `#/${page}/${ref.id}`}, code(ref.id)) : otherwise;
const numbered = list => ({rows: list.map((row, id) => ({...row, id})), more: false});

const CANDIDATES = [['Provider', row => row.provider || 'nobody'], ['Model', row => code(row.model || 'none')], ['What became of it', row => row.fate]];
const SKIPPED = [['Provider', row => row.provider], ['Key', row => code(row.provider_key_id)], ['Why', row => row.reason]];

const attempts = request => [
  ['Provider', row => row.provider], ['Model', row => code(row.model || 'none')],
  ['Provider key', row => code(row.provider_key_id || 'none')],
  ['Answer', row => row.status ? statusTag(row.status) : row.ending.replaceAll('_', ' ')],
  ['Then', row => row.verdict.replaceAll('_', ' ')],
  ['First byte', row => took(row.first_byte_ms)],
  ['Course', row => course(row, Math.max(request.duration_ms, .001))],
];

/** When the attempt waited and when it answered, within the time of the request. */
function course(row, whole) {
  const share = millis => 100 * Math.min(1, millis / whole);
  const start = share(row.start_ms), wait = share(row.first_byte_ms);
  const isServed = row.verdict === 'served';
  return svg({class: 'course', viewBox: '0 0 100 10', preserveAspectRatio: 'none', role: 'img',
    'aria-label': `From ${took(row.start_ms)} on, first byte after ${took(row.first_byte_ms)}`},
    title(`began after ${took(row.start_ms)}`),
    rect({class: isServed ? 'waits' : 'bad', x: start, y: 2, width: Math.max(wait, .5), height: 6}),
    isServed && rect({x: start + wait, y: 2, width: Math.max(100 - start - wait, .5), height: 6}));
}
