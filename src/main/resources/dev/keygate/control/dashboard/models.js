// Models: what can be asked for, what it costs, and how it has been answering.
import {component, code, count, div, dollars, h1, input, label, p, span, took, useEffect, useState} from './html.js';
import {can, get} from './api.js';
import {field, problem} from './form.js';
import {grid} from './listing.js';

const MOST = 100;

const price = usd => usd == null ? '–' : dollars(usd);

/** How requests fared that this model was tried for, within a day. */
const health = sums => {
  if (!sums) return span({class: 'quiet'}, 'not asked');
  const part = sums.errors / sums.requests;
  return span(
    span({class: 'tag ' + (part < 0.05 ? 'on' : part < 0.5 ? 'off' : 'failed')},
      part === 0 ? 'all well' : `${(100 * part).toFixed(part < 0.1 ? 1 : 0)} % errors`),
    span({class: 'quiet'}, ` ${count(sums.requests)}, 95 % in ${took(sums.duration_p95_ms)}`));
};

const columns = usage => [
  ['Model', row => [code(row.model), row.display_name !== row.model && span({class: 'quiet'}, ' ', row.display_name)]],
  ['Provider', row => [row.provider_id, ' ', row.managed_provider_keys > 0
    ? span({class: 'tag on'}, row.managed_provider_keys === 1 ? 'key' : `${row.managed_provider_keys} keys`)
    : span({class: 'quiet'}, 'no key')]],
  ['Kind', row => row.kind],
  ['Context', row => row.context_window ? count(row.context_window) : '–'],
  ['In', row => price(row.input_usd_per_million)],
  ['Out', row => price(row.output_usd_per_million)],
  ['Last 24 hours', row => health(usage.get(row.id))],
];

export const modelsPage = component(function Models() {
  const [models, setModels] = useState(null);
  const [usage, setUsage] = useState(new Map());
  const [error, setError] = useState(null);
  const [search, setSearch] = useState('');
  const [onlyKeyed, setOnlyKeyed] = useState(true);
  useEffect(() => {
    get('models').then(found => setModels(found.models), setError);
    if (can('usage.overview')) {
      get('usage/overview').then(found => setUsage(new Map(
        found.top_models.map(one => [`${one.provider}:${one.model}`, one]))), () => {});
    }
  }, []);
  if (!models) return div(h1('Models'), error ? problem({error}) : p({class: 'quiet loading'}, 'Loading…'));
  const hasKeys = models.some(one => one.managed_provider_keys > 0);
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = models.filter(one => (!onlyKeyed || !hasKeys || one.managed_provider_keys > 0)
    && words.every(word => [one.id, one.display_name, one.kind, ...one.aliases].some(text => text.toLowerCase().includes(word))));
  return div(
    h1('Models'),
    p({class: 'lead'}, 'What the gateway knows. Prices are US dollars for a million tokens. Ask for one by its name, by ',
      code('provider:model'), ', or for a newer one that is not listed as ', code('openai:its-name'), '.'),
    div({class: 'row', role: 'search'},
      div({class: 'search'}, field({label: 'Search', type: 'search', value: search, onValue: setSearch, placeholder: 'Name, provider or kind'})),
      hasKeys && label({class: 'check'}, input({type: 'checkbox', checked: onlyKeyed,
        onChange: event => setOnlyKeyed(event.currentTarget.checked)}), span('Only those that the whole gateway has a key for'))),
    grid({caption: 'Models', columns: columns(usage), list: {rows: found.slice(0, MOST)}, empty: p('No model matches.')}),
    found.length > MOST && p({class: 'quiet'}, `${found.length - MOST} more; search for them.`));
});
