// Lists: a page at a time, newest first, searched by the server.
import {button, component, div, p, span, table, tbody, td, th, thead, tr, useEffect, useRef, useState,
  useCallback} from './html.js';
import {get, objects, nextQuery} from './api.js';
import {problem} from './form.js';

const PAGE = 50;

/** {rows, more, next, error, reload} of a collection under a CEL filter and other parameters. */
export function useList(collection, filter = '', parameters = {}) {
  const [state, setState] = useState({rows: null, query: '', error: null});
  const latest = useRef(0);
  const load = useCallback(async (query, before) => {
    const turn = ++latest.current;
    try {
      const answer = await get(collection + query);
      if (turn === latest.current) {
        setState({rows: [...before, ...objects(answer)], query: nextQuery(answer), error: null});
      }
    } catch (error) {
      if (turn === latest.current) setState(now => ({...now, rows: now.rows ?? [], error}));
    }
  }, [collection]);
  const first = '?' + asked({limit: PAGE, filter, ...parameters});
  useEffect(() => { load(first, []); }, [first, load]);
  return {
    rows: state.rows, error: state.error, more: state.query !== '',
    next: () => load(state.query, state.rows), reload: () => load(first, []),
  };
}

/** Parameters as a query, without those that say nothing. */
export const asked = parameters =>
  new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== '')).toString();

/** Does something again and again while somebody may be looking. */
export function useEvery(milliseconds, work, isOn = true) {
  const latest = useRef(work);
  latest.current = work;
  useEffect(() => {
    if (!isOn) return;
    const timer = setInterval(() => { if (!document.hidden) latest.current(); }, milliseconds);
    return () => clearInterval(timer);
  }, [milliseconds, isOn]);
}

/** One object, or what kept it from coming: [object, error, reload]. */
export function useObject(path) {
  const [state, setState] = useState([null, null]);
  const load = useCallback(() => get(path).then(found => setState([found, null]),
    error => setState([null, error])), [path]);
  useEffect(() => { load(); }, [load]);
  return [...state, load];
}

/** Rows below column heads; on a narrow screen each row is a small list of its own. */
export const grid = component(function Grid({caption, columns, list, empty}) {
  if (list.error) return problem({error: list.error});
  if (list.rows === null) return p({class: 'quiet loading', 'aria-live': 'polite'}, 'Loading…');
  if (list.rows.length === 0) return div({class: 'empty'}, empty);
  return div(
    div({class: 'scroll'}, table({'aria-label': caption},
      thead(tr(columns.map(([name]) => th({scope: 'col'}, name || span({class: 'unseen'}, 'Actions'))))),
      tbody(list.rows.map(row => tr({key: row.id},
        columns.map(([name, cell]) => td({'data-label': name}, cell(row)))))))),
    list.more && p(button({type: 'button', onClick: list.next}, 'Show more')));
});

/** A text that changes once typing has paused. */
export function useCalm(text) {
  const [calm, setCalm] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setCalm(text), 250);
    return () => clearTimeout(timer);
  }, [text]);
  return calm;
}

/** CEL that finds a text in any of the fields, whatever its case. */
export function finds(text, fields) {
  if (!text.trim()) return '';
  const pattern = JSON.stringify('(?i)' + text.trim().replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return fields.map(name => `obj.${name}.matches(${pattern})`).join(' || ');
}
