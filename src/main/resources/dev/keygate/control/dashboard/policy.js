// A traffic policy's text, with what the gateway says about it beside the lines that it is about.
import {button, component, div, input, label, li, p, span, textarea, ul, useEffect, useRef, useState} from './html.js';
import {can, post} from './api.js';
import {modal} from './dialog.js';
import {problem, useWork} from './form.js';
import {changes} from './diff.js';
import {choices, complete, useSchema} from './completion.js';
import {policyTests} from './policytests.js';
import {useCalm} from './listing.js';

const PLACE = /^(\d+):(\d+) (warning: )?(.*)$/s;

/** "3:5 on_http_request[0]: …" as {line, column, isWarning, text}; line 0 is the whole document. */
export function read(told) {
  const found = PLACE.exec(told);
  return found
    ? {line: +found[1], column: +found[2], isWarning: Boolean(found[3]), text: found[4]}
    : {line: 0, column: 0, isWarning: false, text: told};
}

/** Asks the gateway what it would say, without saving. */
function useCheck(text, openRelay) {
  const [told, setTold] = useState([]);
  const calm = useCalm(text);
  useEffect(() => {
    if (!can('policy_checks.create')) return;
    let isLate = false;
    post('policy_checks', {traffic_policy: calm, allow_open_relay: openRelay}).then(
      answer => { if (!isLate) setTold([...answer.problems, ...answer.warnings].map(read)); },
      () => { if (!isLate) setTold([]); });
    return () => { isLate = true; };
  }, [calm, openRelay]);
  return [told, setTold];
}

export const policyEditor = component(function PolicyEditor({saved, readOnly, save}) {
  const [text, setText] = useState(saved);
  const [openRelay, setOpenRelay] = useState(false);
  const [reviewing, setReviewing] = useState(false);
  const [said, setSaid] = useState('');
  const [told, setTold] = useCheck(text, openRelay);
  const area = useRef();
  const work = useWork(async () => {
    try {
      await save({traffic_policy: text, ...(openRelay && {allow_open_relay: true})});
      setSaid('Saved. It is in force.');
    } catch (refused) {
      if (refused.code !== 'ERR_NGROK_2201') throw refused;
      setTold(refused.message.split('\n').slice(1).map(read));
      setSaid('Not saved: the gateway refuses it.');
    } finally {
      setReviewing(false);
    }
  });
  const errors = told.filter(one => !one.isWarning);
  const goTo = ({line, column}) => {
    const before = text.split('\n').slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
    area.current.focus();
    area.current.setSelectionRange(before + column - 1, before + column - 1);
  };
  return div({class: 'policy'},
    lines({text, told, area, readOnly, onText: value => { setText(value); setSaid(''); }}),
    div({id: 'policy-told', 'aria-live': 'polite', class: 'told'},
      told.length
        ? ul(told.map((one, at) => li({key: at, class: one.isWarning ? 'warning' : 'bad'},
          one.line > 0 && button({type: 'button', class: 'link', onClick: () => goTo(one)}, `Line ${one.line}`),
          one.line > 0 ? ': ' : '', one.isWarning ? 'Warning: ' : '', one.text)))
        : can('policy_checks.create') && p({class: 'quiet'}, 'The gateway has nothing against it.')),
    !readOnly && p({class: 'quiet hint'}, 'Names are suggested as you type, or with Ctrl and the space bar; arrows and Enter choose.'),
    !readOnly && label({class: 'check'},
      input({type: 'checkbox', checked: openRelay, onChange: event => setOpenRelay(event.currentTarget.checked)}),
      span('I mean it when the policy lets anybody use the gateway’s provider keys')),
    !readOnly && div({class: 'row'},
      button({type: 'button', class: 'primary', disabled: text === saved || errors.length > 0,
        onClick: () => setReviewing(true)}, 'Review and save…'),
      button({type: 'button', disabled: text === saved, onClick: () => { setText(saved); setSaid(''); }}, 'Discard changes')),
    p({role: 'status', class: 'quiet'}, said),
    problem({error: work.error}),
    can('policy_tests.create') && policyTests({policy: text}),
    reviewing && modal({title: 'Save these changes?', wide: true, onClose: () => setReviewing(false)},
      changes({before: saved, after: text}),
      p('They are in force for every request from the moment that they are saved.'),
      div({class: 'row'},
        button({type: 'button', class: 'primary', disabled: work.busy, onClick: work.run}, 'Save'),
        button({type: 'button', onClick: () => setReviewing(false)}, 'Go back'))));
});

/** The text with numbered lines; those with something to say are marked. */
const lines = component(function Lines({text, told, area, readOnly, onText}) {
  const gutter = useRef();
  const count = text.split('\n').length;
  // The last one of a line stays: an error rather than a warning.
  const marks = new Map([...told].sort((a, b) => b.isWarning - a.isWarning).map(one => [one.line, one]));
  const schema = useSchema();
  const [offer, setOffer] = useState(null);
  const place = (from, to, word, field) => {
    field.setRangeText(word, from, to, 'end');
    setOffer(null);
    onText(field.value);
  };
  const suggest = field => {
    const {from, words} = complete(schema, field.value, field.selectionStart);
    setOffer(words.length ? {from, words, at: 0} : null);
  };
  const take = (word, field) => place(offer.from, field.selectionStart, word.endsWith(':') ? word + ' ' : word, field);
  const pressed = event => {
    const field = event.currentTarget;
    // Tab leaves the field, as everywhere; Ctrl and ] indents, Ctrl and the space bar suggest.
    if (event.ctrlKey && event.key === ']') place(field.selectionStart, field.selectionEnd, '  ', field);
    else if (event.ctrlKey && event.key === ' ') suggest(field);
    else if (!offer) return;
    else if (event.key === 'Escape') setOffer(null);
    else if (event.key === 'Enter') take(offer.words[offer.at], field);
    else if (event.key === 'ArrowDown') setOffer({...offer, at: (offer.at + 1) % offer.words.length});
    else if (event.key === 'ArrowUp') setOffer({...offer, at: (offer.at + offer.words.length - 1) % offer.words.length});
    else return;
    event.preventDefault();
  };
  const typed = event => {
    const field = event.currentTarget;
    onText(field.value);
    if (!readOnly && (offer || /[\w-]$/.test(field.value.slice(0, field.selectionStart)))) suggest(field);
  };
  return div({class: 'lines'},
    div({class: 'gutter', 'aria-hidden': 'true', ref: gutter}, Array.from({length: count}, (_, at) => {
      const mark = marks.get(at + 1);
      return span({key: at, class: mark ? (mark.isWarning ? 'warning' : 'bad') : '', title: mark?.text}, at + 1);
    })),
    textarea({ref: area, value: text, readOnly, spellcheck: false, wrap: 'off', autocomplete: 'off',
      rows: Math.min(Math.max(count + 1, 10), 30), 'aria-label': 'Traffic policy', 'aria-describedby': 'policy-told',
      'aria-invalid': told.some(one => !one.isWarning) ? 'true' : undefined,
      'aria-autocomplete': 'list', 'aria-controls': offer ? 'policy-choices' : undefined,
      'aria-activedescendant': offer ? 'policy-choice-' + offer.at : undefined,
      onInput: typed, onKeyDown: pressed, onBlur: () => setOffer(null),
      onScroll: event => { gutter.current.scrollTop = event.currentTarget.scrollTop; }}),
    offer && choices({words: offer.words, at: offer.at, onTake: word => take(word, area.current)}));
});
