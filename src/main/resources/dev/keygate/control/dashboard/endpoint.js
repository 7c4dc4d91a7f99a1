// One endpoint and its traffic policy.
import {a, ago, button, code, component, dd, div, dl, dt, h1, h2, p, span, useState} from './html.js';
import {can, patch, remove} from './api.js';
import {deleteButton} from './dialog.js';
import {entry, field, problem, useWork} from './form.js';
import {useObject} from './listing.js';
import {policyEditor} from './policy.js';

export const endpointPage = component(function Endpoint({id}) {
  const path = 'endpoints/' + id;
  const [endpoint, error, reload] = useObject(path);
  const toggle = useWork(async () => { await patch(path, {disabled: !endpoint.disabled}); await reload(); });
  if (error) return div(p(a({href: '#/endpoints'}, '← Endpoints')), problem({error}));
  if (!endpoint) return p({class: 'quiet loading'}, 'Loading…');
  return div(
    p(a({href: '#/endpoints'}, '← Endpoints')),
    div({class: 'title'}, h1(endpoint.url),
      endpoint.disabled ? span({class: 'tag off'}, 'Disabled') : span({class: 'tag on'}, 'Active')),
    dl({class: 'facts'},
      dt('Id'), dd(code(endpoint.id)),
      dt('Default'), dd(endpoint.default ? 'answers for hosts that no other endpoint has' : 'no'),
      dt('Changed'), dd(ago(endpoint.updated_at))),
    can('endpoints.update') && div({class: 'row'},
      button({type: 'button', disabled: toggle.busy, onClick: toggle.run}, endpoint.disabled ? 'Enable' : 'Disable'),
      can('endpoints.delete') && deleteButton({what: 'this endpoint', label: 'Delete…', word: endpoint.url,
        remove: () => remove(path), onDone: () => { location.hash = '#/endpoints'; },
        consequence: 'It answers no more. An endpoint that has keys is not deleted.'})),
    problem({error: toggle.error}),
    h2('Traffic policy'),
    policyEditor({saved: endpoint.traffic_policy, readOnly: !can('endpoints.update'),
      save: async fields => { const changed = await patch(path, fields); await reload(); return changed; }}),
    can('endpoints.update') && describing({endpoint, path, reload}));
});

const describing = component(function Describing({endpoint, path, reload}) {
  const [texts, setTexts] = useState({url: endpoint.url, description: endpoint.description, metadata: endpoint.metadata});
  const [said, setSaid] = useState('');
  const bind = name => ({value: texts[name], onValue: value => setTexts({...texts, [name]: value})});
  const work = useWork(async () => { setSaid(''); await patch(path, texts); await reload(); setSaid('Saved. It is in force.'); });
  return div(
    h2('Change it'),
    entry({submit: 'Save', work},
      field({label: 'URL', required: true, ...bind('url')}),
      field({label: 'Description', maxLength: 255, ...bind('description')}),
      field({label: 'Metadata', lines: 3, maxLength: 4096, ...bind('metadata')})),
    p({role: 'status', class: 'quiet'}, said));
});
