// IP policies: named lists of address ranges that may pass or may not.
import {a, ago, button, code, component, div, h1, p, span, useState} from './html.js';
import {can, post, remove} from './api.js';
import {deleteButton, modal} from './dialog.js';
import {entry, field, problem, useWork} from './form.js';
import {grid, useList, useObject} from './listing.js';

export const ipPoliciesPage = component(function IpPolicies({id}) { return id ? ipPolicy({id}) : policyList(); });

const policyList = component(function PolicyList() {
  const [open, setOpen] = useState(false);
  const list = useList('ip_policies');
  const columns = [
    ['IP policy', row => a({href: '#/ip-policies/' + row.id}, row.description || row.id)],
    ['Id', row => code(row.id)],
    ['Created', row => ago(row.created_at)],
  ];
  return div(
    div({class: 'title'}, h1('IP policies'), can('ip_policies.create')
      && button({type: 'button', class: 'primary', onClick: () => setOpen(true)}, 'Create IP policy')),
    p({class: 'lead'}, 'Address ranges that traffic policies let through or turn away with the ',
      code('restrict-ips'), ' action.'),
    grid({caption: 'IP policies', columns, list, empty: p('There is no IP policy.')}),
    open && creation({onClose: () => setOpen(false)}));
});

const creation = component(function Creation({onClose}) {
  const [description, setDescription] = useState('');
  const work = useWork(async () => {
    location.hash = '#/ip-policies/' + (await post('ip_policies', {description})).id;
  });
  return modal({title: 'Create an IP policy', onClose},
    entry({submit: 'Create', work, cancel: onClose},
      field({label: 'Description', required: true, maxLength: 255, value: description, onValue: setDescription,
        autofocus: true, placeholder: 'Office network'})));
});

const ipPolicy = component(function IpPolicy({id}) {
  const path = 'ip_policies/' + id;
  const [found, error] = useObject(path);
  const list = useList('ip_policy_rules', `obj.ip_policy.id == ${JSON.stringify(id)}`);
  const columns = [
    ['Range', row => code(row.cidr)],
    ['Action', row => span({class: row.action === 'allow' ? 'tag on' : 'tag off'}, row.action)],
    ['Description', row => row.description || '–'],
  ];
  if (can('ip_policy_rules.delete')) {
    columns.push(['', row => deleteButton({what: 'this rule', word: row.cidr, onDone: list.reload,
      consequence: 'It is out of force at once.', remove: () => remove('ip_policy_rules/' + row.id)})]);
  }
  return div(
    p(a({href: '#/ip-policies'}, '← IP policies')),
    problem({error}),
    found && div({class: 'title'}, h1(found.description || found.id),
      can('ip_policies.delete') && deleteButton({what: 'this IP policy', label: 'Delete…',
        word: found.description || found.id, consequence: 'Its rules go with it.',
        remove: () => remove(path), onDone: () => { location.hash = '#/ip-policies'; }})),
    found && p({class: 'quiet'}, code(found.id)),
    grid({caption: 'Rules', columns, list, empty: p('It has no rule: no address matches.')}),
    can('ip_policy_rules.create') && ruleForm({id, onDone: list.reload}));
});

const ruleForm = component(function RuleForm({id, onDone}) {
  const empty = {cidr: '', action: 'allow', description: ''};
  const [texts, setTexts] = useState(empty);
  const bind = name => ({value: texts[name], onValue: value => setTexts({...texts, [name]: value})});
  const work = useWork(async () => {
    await post('ip_policy_rules', {...texts, cidr: texts.cidr.trim(), ip_policy_id: id});
    setTexts(empty);
    onDone();
  });
  return entry({submit: 'Add rule', work}, div({class: 'columns'},
    field({label: 'Range', required: true, placeholder: '203.0.113.0/24', ...bind('cidr')}),
    field({label: 'Action', required: true, options: [['allow', 'allow'], ['deny', 'deny']], ...bind('action')}),
    field({label: 'Description', maxLength: 255, ...bind('description')})));
});
