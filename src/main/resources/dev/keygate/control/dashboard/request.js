// One request, step by step: who asked, what might have served it, what was tried, and what it took.
import {a, ago, code, component, count, dd, div, dl, dollars, dt, h1, h2, li, ol, p, rect, span, svg, title, took} from './html.js';
import {problem} from './form.js';
import {grid, useObject} from './listing.js';
import {keyLink, useKeyNames} from './names.js';
import {statusTag} from './requests.js';

export const requestPage = component(function Request({id}) {
  const [request, error] = useObject('requests/' + id);
  useKeyNames([request?.ai_gateway_api_key?.id]);
  if (error) return div(p(a({href: '#/requests'}, '← Requests')), problem({error}));
  if (!request) return p({class: 'quiet loading'}, 'Loading…');
  return div(
    p(a({href: '#/requests'}, '← Requests')),
    div({class: 'title'}, h1('Request'), statusTag(request)),
    p({class: 'quiet'}, code(request.id)),
    request.reason && p({class: 'problem'}, request.reason),
    ol({class: 'steps'},
      li(h2('It came'), came(request)),
      li(h2('Its key'), p(request.ai_gateway_api_key ? ['Valid: ', keyLink(request.ai_gateway_api_key.id)] : 'None that is valid.')),
      li(h2('What might have served it'), candidates(request)),
      li(h2('What was tried'), request.attempts.length ? waterfall(request) : p('Nothing: no provider was called.')),
      li(h2('Its answer'), answer(request))));
});

const came = request => dl({class: 'facts'},
  dt('When'), dd(ago(request.created_at), ' ', span({class: 'quiet'}, request.created_at)),
  dt('From'), dd(code(request.client_ip)),
  dt('Endpoint'), dd(request.endpoint ? a({href: '#/endpoints/' + request.endpoint.id}, request.endpoint.id) : 'none'),
  dt('API'), dd(request.surface || 'none'),
  dt('Models asked for'), dd(request.models_asked.length ? request.models_asked.join(', ') : 'none named'),
  dt('Body'), dd(`${count(request.bytes_in)} bytes`));

const numbered = rows => rows.map((row, at) => ({id: at, ...row}));

const candidates = request => div(
  grid({caption: 'Candidates', list: {rows: numbered(request.candidates)}, empty: p('Nothing was looked for.'), columns: [
    ['Model', row => row.model],
    ['Provider', row => row.provider],
    ['What became of it', row => row.fate],
  ]}),
  request.skipped_keys.length > 0 && grid({caption: 'Provider keys passed over', list: {rows: numbered(request.skipped_keys)}, columns: [
    ['Passed over', row => code(row.provider_key_id)],
    ['Provider', row => row.provider],
    ['Why', row => row.reason],
  ]}));

/** One line for each attempt, all on the same scale. */
const waterfall = request => {
  const whole = Math.max(request.duration_ms, 0.001);
  const last = request.attempts.length - 1;
  const part = ms => `${Math.max(0, Math.min(100, 100 * ms / whole))}%`;
  return div(
    ol({class: 'waterfall'}, request.attempts.map((one, at) => {
      const begin = one.start_ms, first = begin + one.first_byte_ms;
      const streams = at === last && one.verdict === 'served';
      return li({key: at},
        div({class: 'what'}, span(`${one.provider}: ${one.model} `, statusOf(one)),
          span({class: 'quiet'}, `${one.ending}, ${one.verdict.replaceAll('_', ' ')}; key `, code(one.provider_key_id || 'none'))),
        svg({role: 'img', 'aria-label': `began after ${took(begin)}, ${streams ? 'first byte' : 'ended'} after ${took(first)}`},
          rect({class: 'track', x: 0, y: 0, width: '100%', height: '100%'}),
          rect({class: at === last && streams ? 'other' : 'bad', x: part(begin), y: 0, width: part(Math.max(one.first_byte_ms, whole / 200)), height: '100%'},
            title(`${took(begin)} to ${took(first)}`)),
          streams && rect({class: 'good', x: part(first), y: 0, width: part(Math.max(request.duration_ms - first, whole / 200)), height: '100%'},
            title(`${took(first)} to ${took(request.duration_ms)}`))),
        div({class: 'quiet'}, `from ${took(begin)}, ${streams ? 'first byte' : 'over'} at ${took(first)}`));
    })),
    p({class: 'legend'}, span({class: 'of bad'}, 'failed'), ' ', span({class: 'of other'}, 'waiting for the first byte'), ' ',
      span({class: 'of good'}, 'answering'), ' ', span(`in all ${took(request.duration_ms)}`)));
};

const statusOf = attempt => attempt.status ? statusTag(attempt) : span({class: 'tag failed'}, 'no answer');

const HOW = {measured: 'counted by the provider', estimated: 'estimated', unknown: 'not known'};

const answer = request => dl({class: 'facts'},
  dt('Status'), dd(statusTag(request), request.error_code && [' ', code(request.error_code)]),
  dt('First byte'), dd(took(request.first_byte_ms)),
  dt('Took'), dd(took(request.duration_ms)),
  dt('Body'), dd(`${count(request.bytes_out)} bytes`),
  dt('Tokens'), dd(request.tokens === 'unknown' ? 'not known' : `${count(request.tokens_in)} in, ${count(request.tokens_out)} out, ${HOW[request.tokens]}`),
  dt('Cost'), dd(dollars(request.cost_usd)));
