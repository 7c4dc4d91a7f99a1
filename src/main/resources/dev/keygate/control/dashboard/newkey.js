// A new key: its form, then the token, once, with requests to paste and word of the first that arrives.
import {a, ago, button, code, component, count, div, dollars, fieldset, h1, h2, legend, p, pre, took, useEffect,
  useState} from './html.js';
import {all, can, gatewayUrl, get, objects, post} from './api.js';
import {copyButton} from './dialog.js';
import {entry, field, problem, useWork} from './form.js';
import {useEvery} from './listing.js';
import {keyBody, keyFields, keyTexts} from './keyform.js';

const EVERY = 1500;
const LOOPBACK = /^(localhost|127\.|\[::1\])/;

/** Where clients reach an endpoint; the default one answers at the gateway's own address. */
function baseUrl(endpoint) {
  if (!endpoint?.default) return endpoint?.url ?? gatewayUrl();
  const url = new URL(gatewayUrl());
  if (LOOPBACK.test(url.hostname) && !LOOPBACK.test(location.hostname)) url.hostname = location.hostname;
  return url.origin;
}

const SNIPPETS = {
  curl: (url, token) => `curl ${url}/v1/chat/completions \\
  -H "Authorization: Bearer ${token}" \\
  -H "Content-Type: application/json" \\
  -d '{"model": "gpt-4o", "messages": [{"role": "user", "content": "Hello"}]}'`,
  Python: (url, token) => `from openai import OpenAI

client = OpenAI(base_url="${url}/v1", api_key="${token}")
answer = client.chat.completions.create(
    model="gpt-4o", messages=[{"role": "user", "content": "Hello"}])
print(answer.choices[0].message.content)`,
  Node: (url, token) => `import OpenAI from "openai";

const client = new OpenAI({baseURL: "${url}/v1", apiKey: "${token}"});
const answer = await client.chat.completions.create({
  model: "gpt-4o", messages: [{role: "user", content: "Hello"}]});
console.log(answer.choices[0].message.content);`,
  Java: (url, token) => `OpenAIClient client = OpenAIOkHttpClient.builder()
    .baseUrl("${url}/v1").apiKey("${token}").build();
var answer = client.chat().completions().create(ChatCompletionCreateParams.builder()
    .model("gpt-4o").addUserMessage("Hello").build());
System.out.println(answer.choices().get(0).message().content().orElse(""));`,
};

/** A token that will not be shown again; it is in this component's memory and nowhere else. */
export const tokenOnce = component(function TokenOnce({made, endpoint, onDone}) {
  const [language, setLanguage] = useState('curl');
  const snippet = SNIPPETS[language](baseUrl(endpoint), made.token);
  return div(
    div({class: 'token', role: 'status'},
      p('This is the only time that the token is shown. Keep it where your program finds it.'),
      code({class: 'block', 'data-token': ''}, made.token),
      copyButton({text: made.token, label: 'Copy token'})),
    h2('Send a request'),
    div({class: 'tabs', role: 'group', 'aria-label': 'Language'}, Object.keys(SNIPPETS).map(name =>
      button({key: name, type: 'button', 'aria-pressed': String(name === language), onClick: () => setLanguage(name)}, name))),
    pre({tabIndex: 0, 'aria-label': `Request with ${language}`}, code(snippet)),
    copyButton({text: snippet, label: 'Copy request'}),
    firstUse({id: made.id, before: made.last_used}),
    p(button({type: 'button', class: 'primary', onClick: onDone}, 'I have kept the token')));
});

/** Says when the key's next request has arrived. */
const firstUse = component(function FirstUse({id, before}) {
  const [used, setUsed] = useState(null);
  useEffect(() => {
    if (used) return;
    const timer = setInterval(async () => {
      const key = await get('ai_gateway_api_keys/' + id).catch(() => null);
      if (key?.last_used && key.last_used !== before) setUsed(key.last_used);
    }, EVERY);
    return () => clearInterval(timer);
  }, [id, used]);
  return div({class: used ? 'arrived' : 'waiting', 'aria-live': 'polite'},
    p(used ? ['The first request has arrived, ', ago(used), '.'] : 'Waiting for the first request…'),
    used && can('requests.list') && lastRequest({id}));
});

/** What is remembered of the key's last request; it is there within a second. */
const lastRequest = component(function LastRequest({id}) {
  const [request, setRequest] = useState(null);
  useEvery(EVERY, () => get(`requests?limit=1&ai_gateway_api_key_id=${id}`)
    .then(found => setRequest(objects(found)[0] ?? null), () => {}), !request);
  return request && p(`${request.model || 'No model'}, status ${request.status}, ${took(request.duration_ms)}, `
    + `${count(request.tokens_in + request.tokens_out)} tokens, ${dollars(request.cost_usd)}.`);
});

export const newKeyPage = component(function NewKey() {
  const [endpoints, setEndpoints] = useState(null);
  const [texts, setTexts] = useState(keyTexts());
  const [attached, setAttached] = useState({endpoint_id: '', provider_id: '', value: ''});
  const [made, setMade] = useState(null);
  const [error, setError] = useState(null);
  useEffect(() => {
    all('endpoints').then(found => {
      setEndpoints(found);
      const first = found.find(endpoint => endpoint.default) ?? found[0];
      setAttached(now => ({...now, endpoint_id: first?.id ?? ''}));
    }, setError);
  }, []);
  const work = useWork(async () => {
    const {endpoint_id, provider_id, value} = attached;
    const provider_keys = value ? [{provider_id: provider_id.trim(), value: value.trim()}] : [];
    setMade(await post('ai_gateway_api_keys', {...keyBody(texts), endpoint_id, provider_keys}));
    setAttached({endpoint_id, provider_id: '', value: ''});
  });
  const bind = name => ({value: attached[name], onValue: value => setAttached({...attached, [name]: value})});
  if (made) {
    return div(h1('Your new key'), tokenOnce({made,
      endpoint: endpoints.find(({id}) => id === made.endpoint.id),
      onDone: () => { setMade(null); location.hash = '#/keys/' + made.id; }}));
  }
  return div(
    p(a({href: '#/keys'}, '← API keys')),
    h1('Create an API key'),
    problem({error}),
    endpoints && entry({submit: 'Create key', work, cancel: () => { location.hash = '#/keys'; }},
      keyFields({texts, onTexts: setTexts}),
      field({label: 'Endpoint', required: true, options: endpoints.map(({id, url}) => [id, url]), ...bind('endpoint_id'),
        hint: 'The key is good for this endpoint and no other.'}),
      fieldset(legend('Its own provider key'),
        p({class: 'quiet'}, 'With one, the key’s requests use it and no other of that gateway. Leave both empty to use the gateway’s.'),
        div({class: 'columns'},
          field({label: 'Provider', placeholder: 'openai', ...bind('provider_id')}),
          field({label: 'Provider’s API key', type: 'password', ...bind('value')})))));
});
