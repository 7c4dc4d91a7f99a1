// What is said about a key: what it is for, and what bounds it.
import {component, details, div, summary, useState} from './html.js';
import {field} from './form.js';

const NUMBERS = [
  ['requests_per_minute', 'Requests per minute'],
  ['tokens_per_minute', 'Tokens per minute'],
  ['max_concurrent', 'Requests at a time'],
];
const LISTS = [
  ['allowed_models', 'Models', 'One per line, as gpt-4o or openai:gpt-4o. Empty: any.'],
  ['allowed_providers', 'Providers', 'One per line. Empty: any.'],
  ['allowed_cidrs', 'Client addresses', 'One address or range per line, as 203.0.113.0/24. Empty: any.'],
];

const local = moment => {
  if (!moment) return '';
  const at = new Date(moment);
  return new Date(at - at.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
};

/** The fields' texts for a key, or for a new one. */
export function keyTexts(key = {}) {
  const texts = {description: key.description ?? '', metadata: key.metadata ?? '',
    expires_at: local(key.expires_at)};
  for (const [name] of NUMBERS) texts[name] = key[name] == null ? '' : String(key[name]);
  for (const [name] of LISTS) texts[name] = (key[name] ?? []).join('\n');
  return texts;
}

/** What to send for those texts: null lifts a limit. */
export function keyBody(texts) {
  const body = {description: texts.description, metadata: texts.metadata,
    expires_at: texts.expires_at ? new Date(texts.expires_at).toISOString() : null};
  for (const [name] of NUMBERS) body[name] = texts[name].trim() === '' ? null : Number(texts[name]);
  for (const [name] of LISTS) {
    const lines = texts[name].split(/[\n,]/).map(line => line.trim()).filter(Boolean);
    body[name] = lines.length ? lines : null;
  }
  return body;
}

export const keyFields = component(function KeyFields({texts, onTexts, open}) {
  const bind = name => ({value: texts[name], onValue: value => onTexts({...texts, [name]: value})});
  const [limits] = useState(open ?? [...NUMBERS, ...LISTS].some(([name]) => texts[name] !== ''));
  return div(
    field({label: 'Description', maxLength: 255, placeholder: 'Production web app', ...bind('description'),
      hint: 'Who or what uses the key.'}),
    details({open: limits}, summary('Limits and metadata'),
      div({class: 'columns'}, NUMBERS.map(([name, text]) =>
        field({key: name, label: text, type: 'number', min: 1, step: 1, ...bind(name)}))),
      field({label: 'Expires', type: 'datetime-local', ...bind('expires_at'), hint: 'In your time zone. Empty: never.'}),
      div({class: 'columns'}, LISTS.map(([name, text, hint]) =>
        field({key: name, label: text, lines: 3, hint, ...bind(name)}))),
      field({label: 'Metadata', lines: 3, maxLength: 4096, ...bind('metadata'), hint: 'Free text for programs; often JSON.'})));
});
