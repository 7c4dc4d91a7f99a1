// Vaults and their secrets: named values that policies read.
import {a, ago, button, code, component, div, h1, p, useState} from './html.js';
import {can, patch, post, remove} from './api.js';
import {deleteButton, modal} from './dialog.js';
import {entry, field, problem, useWork} from './form.js';
import {grid, useList, useObject} from './listing.js';

export const vaultsPage = component(function Vaults({id}) { return id ? vault({id}) : vaultList(); });

const vaultList = component(function VaultList() {
  const [open, setOpen] = useState(false);
  const list = useList('vaults');
  const columns = [
    ['Vault', row => a({href: '#/vaults/' + row.id}, row.name)],
    ['Description', row => row.description || '–'],
    ['Created', row => ago(row.created_at)],
  ];
  return div(
    div({class: 'title'}, h1('Vaults'), can('vaults.create')
      && button({type: 'button', class: 'primary', onClick: () => setOpen(true)}, 'Create vault')),
    p({class: 'lead'}, 'Encrypted values that traffic policies read with ', code("secrets.get('vault', 'secret')"), '.'),
    grid({caption: 'Vaults', columns, list, empty: p('There is no vault.')}),
    open && naming({title: 'Create a vault', onClose: () => setOpen(false), save: async texts => {
      location.hash = '#/vaults/' + (await post('vaults', texts)).id;
    }}));
});

const vault = component(function Vault({id}) {
  const path = 'vaults/' + id;
  const [found, error] = useObject(path);
  const [open, setOpen] = useState(null);
  const list = useList('vault_secrets', `obj.vault.id == ${JSON.stringify(id)}`);
  const columns = [
    ['Secret', row => code(row.name)],
    ['Description', row => row.description || '–'],
    ['Changed', row => ago(row.updated_at)],
  ];
  const done = () => { setOpen(null); list.reload(); };
  if (can('vault_secrets.update')) {
    columns.push(['', row => div({class: 'row'},
      button({type: 'button', 'aria-label': `Replace ${row.name}`, onClick: () => setOpen(row)}, 'Replace…'),
      deleteButton({what: 'this secret', word: row.name, onDone: done,
        consequence: 'Policies that read it fail, and refuse their requests.',
        remove: () => remove('vault_secrets/' + row.id)}))]);
  }
  return div(
    p(a({href: '#/vaults'}, '← Vaults')),
    problem({error}),
    found && div({class: 'title'}, h1(found.name), div({class: 'row'},
      can('vault_secrets.create') && button({type: 'button', class: 'primary', onClick: () => setOpen({})}, 'Add secret'),
      can('vaults.delete') && deleteButton({what: 'this vault', label: 'Delete…', word: found.name,
        consequence: 'A vault that has secrets is not deleted.',
        remove: () => remove(path), onDone: () => { location.hash = '#/vaults'; }}))),
    p({class: 'lead'}, found?.description),
    grid({caption: 'Secrets', columns, list, empty: p('There is no secret in it.')}),
    open && naming({title: open.id ? `Replace ${open.name}` : 'Add a secret', withValue: true, existing: open,
      onClose: () => setOpen(null), save: async texts => {
        await (open.id ? patch('vault_secrets/' + open.id, texts) : post('vault_secrets', {...texts, vault_id: id}));
        done();
      }}));
});

const naming = component(function Naming({title, withValue, existing = {}, onClose, save}) {
  const [texts, setTexts] = useState({name: existing.name ?? '', description: existing.description ?? '',
    ...(withValue && {value: ''})});
  const bind = name => ({value: texts[name], onValue: value => setTexts({...texts, [name]: value})});
  const work = useWork(() => save(texts));
  return modal({title, onClose},
    entry({submit: 'Save', work, cancel: onClose},
      field({label: 'Name', required: true, maxLength: 128, ...bind('name'), autofocus: true}),
      withValue && field({label: 'Value', type: 'password', required: true, ...bind('value'),
        hint: 'Stored encrypted, and never shown again.'}),
      field({label: 'Description', maxLength: 255, ...bind('description')})));
});
