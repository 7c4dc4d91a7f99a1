// What keys are called, asked for once each.
import {a, code, useEffect, useState} from './html.js';
import {can, get} from './api.js';

const known = new Map();

/** Learns the names of these keys; true once more are known. */
export function useKeyNames(ids) {
  const [, learned] = useState(0);
  const wanted = [...new Set(ids)].filter(id => id && !known.has(id));
  useEffect(() => {
    if (!can('ai_gateway_api_keys.list')) return;
    for (const id of wanted) {
      known.set(id, '');
      // A search that finds nothing is no error, as a deleted key would be.
      get('ai_gateway_api_keys?limit=1&search=' + id).then(found => {
        const [key] = found.ai_gateway_api_keys;
        known.set(id, key ? key.description || key.display_name : 'a deleted key');
        learned(now => now + 1);
      }, () => known.delete(id));
    }
  }, [wanted.join()]);
}

export const keyLink = id => id ? a({href: '#/keys/' + id}, known.get(id) || code(id)) : '–';
