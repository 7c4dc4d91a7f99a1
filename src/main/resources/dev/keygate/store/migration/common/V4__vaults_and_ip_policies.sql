-- Secrets that policies read, and lists of addresses that policies name.

create table vaults (
  id ${text} primary key,
  created_at bigint not null,
  updated_at bigint not null,
  created_by ${text} not null,
  last_updated_by ${text} not null,
  name ${text} not null unique,
  description ${text} not null,
  metadata ${text} not null
);

create table vault_secrets (
  id ${text} primary key,
  created_at bigint not null,
  updated_at bigint not null,
  created_by ${text} not null,
  last_updated_by ${text} not null,
  vault_id ${text} not null references vaults (id),
  name ${text} not null,
  sealed_value ${binary} not null,
  description ${text} not null,
  metadata ${text} not null,
  unique (vault_id, name)
);

create table ip_policies (
  id ${text} primary key,
  created_at bigint not null,
  updated_at bigint not null,
  description ${text} not null,
  metadata ${text} not null
);

create table ip_policy_rules (
  id ${text} primary key,
  created_at bigint not null,
  updated_at bigint not null,
  ip_policy_id ${text} not null references ip_policies (id),
  cidr ${text} not null,
  action ${text} not null,
  description ${text} not null,
  metadata ${text} not null
);

create index ip_policy_rules_by_policy on ip_policy_rules (ip_policy_id);
