// Dialogs are the browser's own: it keeps the focus in them and gives it back.
import {button, code, component, dialog, div, form, h2, p, useEffect, useRef, useState} from './html.js';
import {field, problem, useWork} from './form.js';

export const modal = component(function Modal({title, onClose, wide, children}) {
  const ref = useRef();
  useEffect(() => {
    const element = ref.current;
    element.showModal();
    return () => element.close();
  }, []);
  return dialog({ref, class: wide ? 'wide' : '', 'aria-labelledby': 'dialog-title',
    onCancel: event => { event.preventDefault(); onClose(); }},
  h2({id: 'dialog-title'}, title), children);
});

/** Deletes after its name was typed: {what, word, consequence, remove, onClose, onDone}. */
export const deletion = component(function Deletion({what, word, consequence, remove, onClose, onDone}) {
  const [typed, setTyped] = useState('');
  const work = useWork(async () => { await remove(); onDone(); });
  const matches = typed.trim() === word;
  return modal({title: `Delete ${what}?`, onClose},
    form({onSubmit: event => { event.preventDefault(); if (matches) work.run(); }},
      p(consequence),
      p('Type ', code(word), ' to confirm.'),
      field({label: 'Confirmation', required: true, value: typed, onValue: setTyped, autofocus: true}),
      problem({error: work.error}),
      div({class: 'row'},
        button({class: 'danger', type: 'submit', disabled: !matches || work.busy}, 'Delete'),
        button({type: 'button', onClick: onClose}, 'Cancel'))));
});

/** A button that opens such a dialog. */
export const deleteButton = component(function DeleteButton({label = 'Delete', ...rest}) {
  const [open, setOpen] = useState(false);
  return [
    button({type: 'button', class: 'quiet-danger', 'aria-label': label === 'Delete' ? `Delete ${rest.word}` : undefined,
      onClick: () => setOpen(true)}, label),
    open && deletion({...rest, onClose: () => setOpen(false), onDone: () => { setOpen(false); rest.onDone(); }}),
  ];
});

/** Copies a text, and says that it did. */
export const copyButton = component(function CopyButton({text, label = 'Copy'}) {
  const [said, setSaid] = useState('');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid('Copied');
    } catch {
      setSaid('Select it and copy it by hand: this browser allows no copying here');
    }
  };
  return div({class: 'copy'},
    button({type: 'button', onClick: copy}, label), div({'aria-live': 'polite', class: 'quiet'}, said));
});
