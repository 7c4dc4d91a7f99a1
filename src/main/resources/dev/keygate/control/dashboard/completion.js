// What may stand where the cursor is in a policy in YAML: names from its JSON Schema.
import {component, div, li, ul, useEffect, useState} from './html.js';
import {can, get} from './api.js';

let known = null;

/** The schema, asked for once. */
export function useSchema() {
  const [schema, setSchema] = useState(known);
  useEffect(() => {
    if (!known && can('policy_schema.list')) {
      get('policy_schema').then(found => { known = found; setSchema(found); }, () => {});
    }
  }, []);
  return schema;
}

const LINE = /^(\s*)((?:- +)*)(?:"?([\w.-]+)"?\s*:\s*(.*))?/;

/** The keys above the cursor, outermost first: [{key, column, type}]; type is that of an action. */
function above(lines, column) {
  const path = [];
  let least = column;
  for (let at = lines.length - 1; at >= 0; at--) {
    if (!lines[at].trim() || lines[at].trimStart().startsWith('#')) continue;
    const [, indent, dashes, key, value] = LINE.exec(lines[at]);
    const keyColumn = indent.length + dashes.length;
    if (key === 'type' && value && keyColumn >= least && !path.some(one => one.type) && isSameItem(lines, at, least)) {
      path.unshift({column: keyColumn, type: value.replace(/["']/g, '').trim()});
    }
    if (key && keyColumn < least) {
      path.unshift({key, column: keyColumn});
      least = keyColumn;
    } else if (dashes && indent.length < least) {
      least = Math.min(least, keyColumn);
    }
  }
  return path;
}

const isSameItem = (lines, at, column) => {
  const indent = LINE.exec(lines[at]);
  return indent[1].length + indent[2].length === column;
};

const forms = schema => schema?.oneOf ? schema.oneOf.flatMap(forms) : schema ? [schema] : [];
const items = schema => forms(schema).flatMap(one => one.items ? forms(one.items) : [one]);
const property = (schemas, name) => schemas.flatMap(one => items(one.properties?.[name]));

/** {from, words}: what may be written in place of the text from there to the cursor. */
export function complete(schema, text, cursor) {
  const before = text.slice(0, cursor).split('\n');
  const line = before.pop();
  const typed = /[\w-]*$/.exec(line)[0];
  const from = cursor - typed.length;
  const lead = line.slice(0, line.length - typed.length);
  const found = /^(\s*(?:- +)*)(?:"?([\w.-]+)"?:\s+["']?)?$/.exec(lead);
  if (!found || !schema) return {from, words: []};
  const column = found[1].length;
  const path = above(before, column);
  let schemas = [schema];
  for (const {key, type} of path) {
    if (key) schemas = property(schemas, key);
    if (type) schemas = schemas.filter(one => one.properties?.type?.const === type);
  }
  // Beside a type on the lines below its dash, what is written belongs to that action.
  const words = found[2]
    ? property(schemas, found[2]).flatMap(one => one.const ?? one.enum ?? (one.type === 'boolean' ? ['true', 'false'] : []))
    : schemas.flatMap(one => Object.keys(one.properties ?? {})).map(word => word + ':');
  const unique = [...new Set(words.map(String))];
  return {from, words: unique.filter(word => word.startsWith(typed) && word !== typed).slice(0, 40)};
}

/** The words to choose from; the first is what Tab of the list or a click takes. */
export const choices = component(function Choices({words, at, onTake}) {
  return div({class: 'choices'},
    ul({id: 'policy-choices', role: 'listbox', 'aria-label': 'Suggestions'}, words.map((word, index) =>
      li({key: word, id: 'policy-choice-' + index, role: 'option', 'aria-selected': String(index === at),
        onMouseDown: event => { event.preventDefault(); onTake(word); }}, word))));
});
