// The way in: a management key is sent once and not kept.
import {code, component, div, h1, main, p, useState} from './html.js';
import {entry, field, useWork} from './form.js';
import {signIn} from './api.js';

export const signInPage = component(function SignIn({onDone, note}) {
  const [key, setKey] = useState('');
  const work = useWork(async () => {
    const typed = key.trim();
    setKey('');
    onDone(await signIn(typed));
  });
  return main({class: 'signin'},
    div({class: 'card'},
      h1('Keygate'),
      note && p({role: 'status'}, note),
      p('Sign in with a management API key. The first one is in the file ', code('management-key'),
        ' of the data directory:'),
      p(code({class: 'block'}, 'cat ~/.keygate/management-key')),
      entry({submit: 'Sign in', work},
        field({label: 'Management API key', type: 'password', required: true, value: key, onValue: setKey,
          placeholder: 'kgm_…', autofocus: true, spellcheck: false,
          hint: 'It is exchanged for a session that ends after an hour without use; the browser does not keep it.'}))));
});
