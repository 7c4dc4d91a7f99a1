// Example requests for a policy, and what comes of them before it is saved.
import {button, code, component, details, div, p, pre, summary, textarea, useState} from './html.js';
import {post} from './api.js';
import {problem, useWork} from './form.js';

const EXAMPLE = `tests:
  - name: a request with a key is forwarded
    request:
      key: {}
      method: POST
      path: /v1/chat/completions
      body: '{"model": "gpt-4o", "messages": []}'
    expect:
      outcome: forwarded
      status: 200
  - name: a request without a key is refused
    request:
      method: POST
      path: /v1/chat/completions
    expect:
      outcome: refused
      status: 401
`;

export const policyTests = component(function PolicyTests({policy}) {
  const [tests, setTests] = useState(EXAMPLE);
  const [report, setReport] = useState(null);
  const work = useWork(async () => {
    setReport(null);
    setReport(await post('policy_tests', {traffic_policy: policy, tests}));
  });
  return details({class: 'tests'},
    summary('Try it on example requests'),
    p({class: 'quiet'}, 'They run through the text above as it stands; nothing is saved and no provider is called. ',
      code('keygate policy test'), ' reads the same.'),
    textarea({class: 'code', value: tests, rows: 14, spellcheck: false, wrap: 'off', autocomplete: 'off', 'aria-label': 'Example requests',
      onInput: event => setTests(event.currentTarget.value)}),
    div({class: 'row'}, button({type: 'button', disabled: work.busy, onClick: work.run}, work.busy ? 'One moment…' : 'Run them')),
    problem({error: work.error}),
    div({'aria-live': 'polite'}, report && pre({class: report.failed ? 'failing' : 'passing', tabIndex: 0, 'aria-label': 'Report'}, report.report)));
});
