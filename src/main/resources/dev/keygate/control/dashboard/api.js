// The control API as the signed-in person may use it. The cookie does not show here: the browser keeps it.
const MARK = {'X-Keygate-Dashboard': '1'};
let over = () => {};
let session = {operations: []};

/** What to do when the session has ended. */
export function whenOver(then) { over = then; }

/** Whether the session's role, and this version of Keygate, have the operation. */
export const can = operation => session.operations.includes(operation);
export const gatewayUrl = () => session.gateway_url;

/** A refused call, in the API's own words. */
export class Refused extends Error {
  constructor(status, body) {
    super(body.msg ?? `Keygate answered ${status}.`);
    this.status = status;
    this.code = body.error_code ?? '';
    this.details = body.details ?? {};
  }
}

async function call(method, path, {body, headers} = {}) {
  let response;
  try {
    response = await fetch(path, {
      method, cache: 'no-store', credentials: 'same-origin', redirect: 'error',
      headers: {...MARK, ...headers, ...(body && {'Content-Type': 'application/json'})},
      body: body && JSON.stringify(body),
    });
  } catch {
    throw new Refused(0, {msg: 'Keygate does not answer. Is it running?'});
  }
  const answer = response.status === 204 ? {} : await response.json().catch(() => ({}));
  if (!response.ok) {
    const refused = new Refused(response.status, answer);
    if (refused.code === 'ERR_KEYGATE_NO_SESSION') over();
    throw refused;
  }
  return answer;
}

export const get = path => call('GET', 'api/' + path);
export const post = (path, body) => call('POST', 'api/' + path, {body});
export const patch = (path, body) => call('PATCH', 'api/' + path, {body});
export const remove = path => call('DELETE', 'api/' + path);

export async function whoAmI() {
  return session = {operations: [], ...await call('GET', 'session')};
}
export async function signIn(key) {
  return session = await call('POST', 'session', {headers: {Authorization: 'Bearer ' + key}});
}
export async function signOut() {
  await call('DELETE', 'session');
  session = {operations: []};
}

/** Every object of a small collection, at most `pages` times 100 of them. */
export async function all(collection, pages = 5) {
  const found = [];
  let query = '?limit=100';
  for (let page = 0; query && page < pages; page++) {
    const answer = await get(collection + query);
    found.push(...objects(answer));
    query = nextQuery(answer);
  }
  return found;
}

/** The one list in an answer; its name is not always the collection's. */
export const objects = answer => Object.values(answer).find(Array.isArray) ?? [];
export const nextQuery = answer => answer.next_page_uri ? new URL(answer.next_page_uri).search : '';
