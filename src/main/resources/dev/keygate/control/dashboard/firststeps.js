// What a first visit sees: from nothing to a first request.
import {a, code, component, div, h1, h2, li, ol, p} from './html.js';
import {can} from './api.js';

export const firstSteps = component(function FirstSteps() {
  return div({class: 'first'},
    h1('Welcome to Keygate'),
    p({class: 'lead'}, 'Three steps from here to a first request.'),
    ol({class: 'steps'},
      li(h2('Have a provider key'),
        p('Keygate takes ', code('OPENAI_API_KEY'), ', ', code('ANTHROPIC_API_KEY'),
          ' and the like from its environment; started with ', code('--demo'),
          ', a simulated provider stands in for those that are not there. Otherwise ',
          a({href: '#/provider-keys'}, 'add a provider key'), '.')),
      li(h2('Create an API key'),
        p('It is what your programs send instead of the provider’s key.'),
        can('ai_gateway_api_keys.create')
          ? p(a({class: 'button primary', href: '#/keys/new'}, 'Create your first key'))
          : p('Your management key may only look. Ask an editor or admin for a key.')),
      li(h2('Send a request'),
        p('The next page has it ready to paste for curl, Python, Node and Java, and tells you when it has arrived.'))));
});
