// Who is signed in, and the management keys that let people and programs in.
import {a, ago, button, code, component, dd, div, dl, dt, h1, h2, p, useState} from './html.js';
import {can, gatewayUrl, patch, post, remove} from './api.js';
import {copyButton, deleteButton, modal} from './dialog.js';
import {entry, field, useWork} from './form.js';
import {grid, useList} from './listing.js';

const ROLES = [
  ['viewer', 'viewer: looks'],
  ['editor', 'editor: changes all but management keys'],
  ['admin', 'admin: changes all'],
];

export const settingsPage = component(function Settings({session}) {
  return div(
    h1('Settings'),
    dl({class: 'facts'},
      dt('Signed in with'), dd(session.description || 'a management key', ' ', code(session.key_id)),
      dt('Role'), dd(session.role),
      dt('Gateway'), dd(code(gatewayUrl())),
      dt('Control API'), dd(code(location.origin), ' ', a({href: '/openapi.yaml'}, 'openapi.yaml'))),
    can('api_keys.list') && managementKeys({own: session.key_id}));
});

const managementKeys = component(function ManagementKeys({own}) {
  const list = useList('api_keys');
  const [open, setOpen] = useState(null);
  const [made, setMade] = useState(null);
  const columns = [
    ['Management key', row => [row.description || code(row.id), row.id === own && ' (yours)']],
    ['Role', row => row.role],
    ['Created', row => ago(row.created_at)],
    ['', row => div({class: 'row'},
      button({type: 'button', onClick: () => setOpen(row), 'aria-label': `Change ${row.description || row.id}`}, 'Change…'),
      deleteButton({what: 'this management key', word: row.description || row.id, onDone: list.reload,
        consequence: 'Its holders, and the sessions that were opened with it, are refused from then on.',
        remove: () => remove('api_keys/' + row.id)}))],
  ];
  const done = answer => { setOpen(null); if (answer.token) setMade(answer); list.reload(); };
  return div(
    div({class: 'title'}, h2('Management API keys'),
      button({type: 'button', class: 'primary', onClick: () => setOpen({role: 'editor'})}, 'Create management key')),
    made && div({class: 'token', role: 'status'},
      p('This is the only time that the token is shown.'),
      code({class: 'block'}, made.token),
      copyButton({text: made.token, label: 'Copy token'}),
      button({type: 'button', onClick: () => setMade(null)}, 'I have kept it')),
    grid({caption: 'Management API keys', columns, list, empty: p('None.')}),
    open && keyDialog({existing: open, onClose: () => setOpen(null), onDone: done}));
});

const keyDialog = component(function KeyDialog({existing, onClose, onDone}) {
  const [texts, setTexts] = useState({description: existing.description ?? '', role: existing.role});
  const bind = name => ({value: texts[name], onValue: value => setTexts({...texts, [name]: value})});
  const work = useWork(async () =>
    onDone(await (existing.id ? patch('api_keys/' + existing.id, texts) : post('api_keys', texts))));
  return modal({title: existing.id ? 'Change the management key' : 'Create a management key', onClose},
    entry({submit: 'Save', work, cancel: onClose},
      field({label: 'Description', required: true, maxLength: 255, ...bind('description'), autofocus: true}),
      field({label: 'Role', required: true, options: ROLES, ...bind('role'),
        hint: existing.id ? 'Sessions opened with it end when its role changes.' : undefined})));
});
