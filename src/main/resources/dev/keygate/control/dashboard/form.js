// Labelled fields and forms that say what was refused.
import {button, component, div, form, input, label, p, select, option, small, span, textarea,
  useState, useRef, useEffect} from './html.js';

let made = 0;

/** A label, its control, and what helps: {label, hint, name, value, onValue, lines, options, ...}. */
export const field = component(function Field({label: text, hint, onValue, lines, options, error, ...rest}) {
  const id = useState(() => 'field-' + ++made)[0];
  const describedBy = [hint && id + '-hint', error && id + '-error'].filter(Boolean).join(' ');
  const props = {
    id, autocomplete: 'off', ...rest, 'aria-invalid': error ? 'true' : undefined,
    'aria-describedby': describedBy || undefined, onInput: event => onValue(event.currentTarget.value),
  };
  const control = options
    ? select(props, options.map(([value, shown]) => option({value, selected: value === rest.value}, shown)))
    : lines ? textarea({...props, rows: lines, spellcheck: false}) : input({type: 'text', ...props});
  return div({class: 'field'},
    label({for: id}, text, rest.required || rest.type === 'search' ? null : span({class: 'quiet'}, ' optional')),
    control,
    hint && small({id: id + '-hint'}, hint),
    error && small({id: id + '-error', class: 'bad'}, error));
});

/** What went wrong, said aloud when it appears. */
export const problem = component(function Problem({error}) {
  const ref = useRef();
  useEffect(() => { if (error) ref.current?.focus(); }, [error]);
  return error
    ? div({class: 'problem', role: 'alert', tabIndex: -1, ref},
      p(error.message), error.code && small(error.code))
    : null;
});

/** Runs one thing at a time: {run, busy, error, clear}. */
export function useWork(work) {
  const [state, setState] = useState({busy: false, error: null});
  const run = async (...args) => {
    if (state.busy) return;
    setState({busy: true, error: null});
    try {
      const result = await work(...args);
      setState({busy: false, error: null});
      return result;
    } catch (error) {
      setState({busy: false, error});
    }
  };
  return {...state, run, clear: () => setState({busy: false, error: null})};
}

/** A form with its fields as children: {submit, work, cancel}. */
export const entry = component(function Entry({submit, work, cancel, children}) {
  return form({class: 'entry', noValidate: false, onSubmit: event => { event.preventDefault(); work.run(); }},
    children,
    problem({error: work.error}),
    div({class: 'row'},
      button({class: 'primary', type: 'submit', disabled: work.busy}, work.busy ? 'One moment…' : submit),
      cancel && button({type: 'button', onClick: cancel}, 'Cancel')));
});
