// One key: what it is, changing it, giving it a new token, ending it.
import {a, ago, button, code, component, count, dd, div, dl, dollars, dt, h1, h2, p, useEffect, useState} from './html.js';
import {can, get, patch, post, remove} from './api.js';
import {deleteButton, modal} from './dialog.js';
import {entry, field, problem, useWork} from './form.js';
import {filled, sparkline} from './chart.js';
import {useObject} from './listing.js';
import {useOverview} from './overview.js';
import {keyState} from './keys.js';
import {keyBody, keyFields, keyTexts} from './keyform.js';
import {tokenOnce} from './newkey.js';
import {attachKey, providerKeyGrid} from './providerkeys.js';

export const keyPage = component(function Key({id}) {
  const path = 'ai_gateway_api_keys/' + id;
  const [key, error, reload] = useObject(path);
  const [made, setMade] = useState(null);
  const [endpoint, setEndpoint] = useState(null);
  useEffect(() => {
    if (key) get('endpoints/' + key.endpoint.id).then(setEndpoint, () => setEndpoint(null));
  }, [key?.endpoint.id]);
  if (error) return div(p(a({href: '#/keys'}, '← API keys')), problem({error}));
  if (!key) return p({class: 'quiet loading'}, 'Loading…');
  if (made) {
    return div(h1('New token'), tokenOnce({made, endpoint, onDone: () => { setMade(null); reload(); }}));
  }
  return div(
    p(a({href: '#/keys'}, '← API keys')),
    div({class: 'title'}, h1(key.description || 'Without description'), keyState(key)),
    facts({key, endpoint}),
    can('ai_gateway_api_keys.update') && actionRow({subject: key, path, reload, setMade}),
    can('usage.overview') && usage({id}),
    h2('Provider keys of this key'),
    p({class: 'quiet'}, 'With any, its requests use these, newest first, and no others.'),
    providerKeyGrid({list: {rows: key.provider_keys, more: false}, onChange: reload}),
    can('ai_gateway_provider_keys.create') && attachKey({keyId: key.id, onDone: reload}),
    can('ai_gateway_api_keys.update') && editing({subject: key, path, reload}));
});

const facts = ({key, endpoint}) => dl({class: 'facts'},
  dt('Token'), dd(code(key.display_name)),
  dt('Id'), dd(code(key.id)),
  dt('Endpoint'), dd(a({href: '#/endpoints/' + key.endpoint.id}, endpoint?.url ?? key.endpoint.id)),
  dt('Last used'), dd(ago(key.last_used)),
  dt('Expires'), dd(ago(key.expires_at)),
  dt('Created'), dd(ago(key.created_at)));

/** What the key was used for lately. */
const usage = component(function KeyUsage({id}) {
  const [sums] = useOverview(24 * 7, {ai_gateway_api_key_id: id});
  if (!sums) return div({class: 'usage'});
  const {requests, errors, tokens_in, tokens_out, cost_usd} = sums.totals;
  return div({class: 'usage'},
    h2('Used in the last 7 days'),
    sparkline({points: filled(sums), of: one => one.requests, label: `${requests} requests in the last 7 days`}),
    p(`${count(requests)} requests, ${count(errors)} errors, ${count(tokens_in + tokens_out)} tokens, ${dollars(cost_usd)}`));
});

// `key` is a name that Preact keeps for itself: components get theirs as `subject`.
const actionRow = component(function ActionRow({subject, path, reload, setMade}) {
  const [rotating, setRotating] = useState(false);
  const toggle = useWork(async () => { await patch(path, {disabled: !subject.disabled}); await reload(); });
  return div(
    div({class: 'row'},
      button({type: 'button', disabled: toggle.busy, onClick: toggle.run}, subject.disabled ? 'Enable' : 'Disable'),
      can('ai_gateway_api_keys.rotate')
        && button({type: 'button', onClick: () => setRotating(true)}, 'New token…'),
      can('ai_gateway_api_keys.delete') && deleteButton({what: 'this key', label: 'Delete…',
        word: subject.description || subject.id, remove: () => remove(path), onDone: () => { location.hash = '#/keys'; },
        consequence: 'Requests with it are refused from then on. This cannot be undone.'})),
    problem({error: toggle.error}),
    rotating && rotation({path, isDisabled: subject.disabled, onClose: () => setRotating(false), onMade: setMade}));
});

const rotation = component(function Rotation({path, isDisabled, onClose, onMade}) {
  const [grace, setGrace] = useState('24h');
  const work = useWork(async () => onMade(await post(path + '/rotate', {grace})));
  return modal({title: 'Give the key a new token', onClose},
    entry({submit: 'Make a new token', work, cancel: onClose},
      isDisabled ? p('The key is disabled. Its old token stays refused when you enable it.')
        : field({label: 'The old token stays good for', required: true, value: grace, onValue: setGrace,
          options: [['0s', 'no time: refuse it at once'], ['1h', 'an hour'], ['24h', 'a day'], ['7d', 'a week'], ['30d', '30 days']],
          hint: 'Clients need that long to take the new one.'})));
});

const editing = component(function Editing({subject, path, reload}) {
  const [texts, setTexts] = useState(keyTexts(subject));
  const [saved, setSaved] = useState('');
  const work = useWork(async () => {
    setSaved('');
    await patch(path, keyBody(texts));
    await reload();
    setSaved('Saved. It is in force.');
  });
  return div(
    h2('Change it'),
    entry({submit: 'Save', work}, keyFields({texts, onTexts: setTexts})),
    p({role: 'status', class: 'quiet'}, saved));
});
