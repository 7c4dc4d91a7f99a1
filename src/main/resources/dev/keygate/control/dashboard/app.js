// The frame: who is signed in, which page the address names, and the way between pages.
import {a, b, button, component, div, header, main, nav, p, render, useEffect, useRef, useState} from './html.js';
import {can, signOut, whenOver, whoAmI} from './api.js';
import {problem} from './form.js';
import {signInPage} from './signin.js';
import {overviewPage} from './overview.js';
import {requestsPage} from './requests.js';
import {requestPage} from './request.js';
import {modelsPage} from './models.js';
import {keysPage} from './keys.js';
import {keyPage} from './key.js';
import {newKeyPage} from './newkey.js';
import {endpointsPage} from './endpoints.js';
import {endpointPage} from './endpoint.js';
import {providerKeysPage} from './providerkeys.js';
import {vaultsPage} from './vaults.js';
import {ipPoliciesPage} from './ippolicies.js';
import {auditPage} from './audit.js';
import {settingsPage} from './settings.js';

// Address, name, the operation without which there is no such page, page, page of one object.
const PAGES = [
  ['overview', 'Overview', 'usage.overview', overviewPage],
  ['requests', 'Requests', 'requests.list', requestsPage, id => requestPage({id})],
  ['keys', 'API keys', 'ai_gateway_api_keys.list', keysPage, id => id === 'new' ? newKeyPage() : keyPage({id})],
  ['endpoints', 'Endpoints', 'endpoints.list', endpointsPage, id => endpointPage({id})],
  ['models', 'Models', 'models.list', modelsPage],
  ['provider-keys', 'Provider keys', 'ai_gateway_provider_keys.list', providerKeysPage],
  ['vaults', 'Vaults', 'vaults.list', vaultsPage, id => vaultsPage({id})],
  ['ip-policies', 'IP policies', 'ip_policies.list', ipPoliciesPage, id => ipPoliciesPage({id})],
  ['audit', 'Audit', 'audit_events.list', auditPage],
  ['settings', 'Settings', null, settingsPage],
];

const address = () => location.hash.replace(/^#\/?/, '').split('/').filter(Boolean);

const frame = component(function Frame({session, onSignOut}) {
  const [[name = can('usage.overview') ? 'overview' : 'keys', id], setAddress] = useState(address);
  const content = useRef();
  useEffect(() => {
    const moved = () => {
      setAddress(address());
      content.current?.focus();
      scrollTo(0, 0);
    };
    addEventListener('hashchange', moved);
    return () => removeEventListener('hashchange', moved);
  }, []);
  const pages = PAGES.filter(([, , operation]) => operation === null || can(operation));
  const page = pages.find(([path]) => path === name);
  useEffect(() => { document.title = (page ? page[1] : 'Nothing here') + ' · Keygate'; }, [name]);
  return div({class: 'frame'},
    a({class: 'skip', href: '#content', onClick: event => { event.preventDefault(); content.current.focus(); }},
      'Skip to content'),
    header(
      a({class: 'brand', href: '#/'}, b('Keygate')),
      nav({'aria-label': 'Pages'}, pages.map(([path, text]) =>
        a({key: path, href: '#/' + path, 'aria-current': path === name ? 'page' : undefined}, text))),
      div({class: 'who'}, session.role, button({type: 'button', onClick: onSignOut}, 'Sign out'))),
    main({id: 'content', tabIndex: -1, ref: content, key: name + '/' + (id ?? '')},
      page ? (id && page[4] ? page[4](decodeURIComponent(id)) : page[3]({session}))
        : p('There is no such page.')));
});

const app = component(function App() {
  const [state, setState] = useState({});
  useEffect(() => {
    whenOver(() => setState({session: {signed_in: false}, note: 'Your session is over. Sign in again.'}));
    whoAmI().then(session => setState({session}), error => setState({error}));
  }, []);
  if (state.error) return main(problem({error: state.error}));
  if (!state.session) return main({'aria-busy': 'true'});
  if (!state.session.signed_in) return signInPage({onDone: session => setState({session}), note: state.note});
  return frame({session: state.session, onSignOut: async () => {
    await signOut();
    setState({session: {signed_in: false}});
  }});
});

render(app(), document.getElementById('app'));
