// API keys: all of them, found by what they are for.
import {a, ago, code, component, div, h1, p, span, useState} from './html.js';
import {can} from './api.js';
import {field} from './form.js';
import {grid, useCalm, useList} from './listing.js';
import {firstSteps} from './firststeps.js';

const isExpired = key => key.expires_at && Date.parse(key.expires_at) <= Date.now();

/** Whether a key lets requests in, in a word. */
export const keyState = key => key.disabled
  ? span({class: 'tag off'}, 'Disabled')
  : isExpired(key) ? span({class: 'tag off'}, 'Expired') : span({class: 'tag on'}, 'Active');

const COLUMNS = [
  ['Key', key => a({href: '#/keys/' + key.id}, key.description || 'Without description')],
  ['Token', key => code(key.display_name)],
  ['State', keyState],
  ['Last used', key => ago(key.last_used)],
  ['Created', key => ago(key.created_at)],
];

export const keysPage = component(function Keys() {
  const [search, setSearch] = useState('');
  const calm = useCalm(search.trim());
  const list = useList('ai_gateway_api_keys', '', {search: calm});
  if (!calm && !search && list.rows?.length === 0 && !list.error) return firstSteps();
  return div(
    div({class: 'title'}, h1('API keys'),
      can('ai_gateway_api_keys.create') && a({class: 'button primary', href: '#/keys/new'}, 'Create key')),
    p({class: 'lead'}, 'What clients send to the gateway. Give each client its own, so that one can be revoked '
      + 'without the others.'),
    div({class: 'search', role: 'search'},
      field({label: 'Search', type: 'search', value: search, onValue: setSearch,
        placeholder: 'Description, token, metadata or id'})),
    grid({caption: 'API keys', columns: COLUMNS, list, empty: p('No key matches.')}));
});
