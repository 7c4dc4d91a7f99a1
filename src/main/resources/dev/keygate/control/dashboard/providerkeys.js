// Provider keys: those of the whole gateway, and those attached to one key.
import {a, ago, button, code, component, div, h1, p, useState} from './html.js';
import {can, post, remove} from './api.js';
import {deleteButton, modal} from './dialog.js';
import {entry, field, useWork} from './form.js';
import {finds, grid, useCalm, useList} from './listing.js';

export const providerKeyGrid = component(function ProviderKeyGrid({list, onChange, owners}) {
  const columns = [
    ['Provider', row => row.provider_id],
    ['Value', row => code(row.display_name)],
    ['Description', row => row.description || '–'],
    ['Last used', row => ago(row.last_used)],
    ['State', row => row.set_aside ? 'set aside: ' + row.set_aside : 'in use'],
  ];
  if (owners) {
    columns.push(['For', row => row.ai_gateway_api_key
      ? a({href: '#/keys/' + row.ai_gateway_api_key.id}, 'one API key') : 'the whole gateway']);
  }
  if (can('ai_gateway_provider_keys.delete')) {
    columns.push(['', row => deleteButton({what: 'this provider key', word: row.provider_id,
      consequence: 'Keygate forgets the value. Requests that need it fail from then on, unless there is another.',
      remove: () => remove('ai_gateway_provider_keys/' + row.id), onDone: onChange})]);
  }
  return grid({caption: 'Provider keys', columns, list, empty: p('None.')});
});

/** A button that opens the form; without keyId the new one is for the whole gateway. */
export const attachKey = component(function AttachKey({keyId, onDone, primary}) {
  const [open, setOpen] = useState(false);
  return div(
    button({type: 'button', class: primary ? 'primary' : '', onClick: () => setOpen(true)}, 'Add provider key'),
    open && newProviderKey({keyId, onClose: () => setOpen(false), onDone: () => { setOpen(false); onDone(); }}));
});

const newProviderKey = component(function NewProviderKey({keyId, onClose, onDone}) {
  const [texts, setTexts] = useState({provider_id: '', value: '', description: ''});
  const bind = name => ({value: texts[name], onValue: value => setTexts({...texts, [name]: value})});
  const work = useWork(async () => {
    await post('ai_gateway_provider_keys', {
      provider_id: texts.provider_id.trim(), value: texts.value.trim(), description: texts.description,
      ...(keyId && {ai_gateway_api_key_id: keyId}),
    });
    onDone();
  });
  return modal({title: 'Add a provider key', onClose},
    entry({submit: 'Add', work, cancel: onClose},
      field({label: 'Provider', required: true, placeholder: 'openai', ...bind('provider_id'), autofocus: true}),
      field({label: 'Value', type: 'password', required: true, ...bind('value'),
        hint: 'Stored encrypted, and never shown again.'}),
      field({label: 'Description', maxLength: 255, ...bind('description')})));
});

export const providerKeysPage = component(function ProviderKeys() {
  const [search, setSearch] = useState('');
  const list = useList('ai_gateway_provider_keys',
    finds(useCalm(search), ['description', 'provider_id', 'display_name', 'id']));
  return div(
    div({class: 'title'}, h1('Provider keys'),
      can('ai_gateway_provider_keys.create') && attachKey({onDone: list.reload, primary: true})),
    p({class: 'lead'}, 'What Keygate sends to providers. Keys from its environment (', code('OPENAI_API_KEY'),
      ' and the like) are not listed here; they are used when none of these is.'),
    div({class: 'search', role: 'search'},
      field({label: 'Search', type: 'search', value: search, onValue: setSearch})),
    providerKeyGrid({list, onChange: list.reload, owners: true}));
});
