// Audit: who changed what, and from what to what.
import {a, ago, code, component, details, div, h1, p, summary, useState} from './html.js';
import {changes} from './diff.js';
import {field} from './form.js';
import {finds, grid, useCalm, useList} from './listing.js';

const PAGES = {ai_gateway_api_keys: 'keys', endpoints: 'endpoints', vaults: 'vaults', ip_policies: 'ip-policies'};

/** One line for each field; what is the same before and after is then easily seen to be. */
const text = object => Object.entries(object ?? {}).map(([name, value]) =>
  `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`).join('\n');

const object = row => PAGES[row.resource] && row.after
  ? a({href: `#/${PAGES[row.resource]}/${row.resource_id}`}, code(row.resource_id)) : code(row.resource_id);

const COLUMNS = [
  ['When', row => ago(row.created_at)],
  ['Who', row => code(row.actor.id)],
  ['What', row => `${row.action.replaceAll('_', ' ')}, ${row.resource.replaceAll('_', ' ')}`],
  ['Object', object],
  ['Change', row => details({class: 'change'}, summary({'aria-label': `Change of ${row.resource_id}`}, 'Show'),
    changes({before: text(row.before), after: text(row.after)}))],
];

export const auditPage = component(function Audit() {
  const [search, setSearch] = useState('');
  const list = useList('audit_events', finds(useCalm(search), ['resource_id', 'resource', 'action', 'actor.id']));
  return div(
    h1('Audit'),
    p({class: 'lead'}, 'Every change through the control API, newest first, without secrets. Nobody can change or delete a line.'),
    div({class: 'search', role: 'search'},
      field({label: 'Search', type: 'search', value: search, onValue: setSearch,
        placeholder: 'Object, kind, action or who'})),
    grid({caption: 'Audit events', columns: COLUMNS, list, empty: p('No change matches.')}));
});
