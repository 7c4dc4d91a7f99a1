// Endpoints: the addresses that clients call.
import {a, ago, button, component, div, h1, p, span, useState} from './html.js';
import {can, post} from './api.js';
import {modal} from './dialog.js';
import {entry, field, useWork} from './form.js';
import {grid, useList} from './listing.js';

const COLUMNS = [
  ['URL', row => a({href: '#/endpoints/' + row.id}, row.url)],
  ['Description', row => row.description || '–'],
  ['State', row => row.disabled ? span({class: 'tag off'}, 'Disabled') : span({class: 'tag on'}, 'Active')],
  ['Answers', row => row.default ? 'any other host too' : 'its own host'],
  ['Changed', row => ago(row.updated_at)],
];

export const endpointsPage = component(function Endpoints() {
  const [open, setOpen] = useState(false);
  const list = useList('endpoints');
  return div(
    div({class: 'title'}, h1('Endpoints'), can('endpoints.create')
      && button({type: 'button', class: 'primary', onClick: () => setOpen(true)}, 'Create endpoint')),
    p({class: 'lead'}, 'Each has an address, keys of its own, and a traffic policy that says what happens to a request.'),
    grid({caption: 'Endpoints', columns: COLUMNS, list, empty: p('There is no endpoint.')}),
    open && newEndpoint({onClose: () => setOpen(false)}));
});

const newEndpoint = component(function NewEndpoint({onClose}) {
  const [texts, setTexts] = useState({url: 'https://', description: ''});
  const bind = name => ({value: texts[name], onValue: value => setTexts({...texts, [name]: value})});
  const work = useWork(async () => {
    const made = await post('endpoints', {...texts, url: texts.url.trim()});
    location.hash = '#/endpoints/' + made.id;
  });
  return modal({title: 'Create an endpoint', onClose},
    entry({submit: 'Create', work, cancel: onClose},
      field({label: 'URL', required: true, ...bind('url'), autofocus: true,
        hint: 'Where clients call it: https://ai.example.com, or https://*.example.com.'}),
      field({label: 'Description', maxLength: 255, ...bind('description')})));
});
