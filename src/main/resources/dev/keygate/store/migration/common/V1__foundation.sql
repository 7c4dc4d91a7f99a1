-- One text for SQLite and PostgreSQL. Times are milliseconds since 1970, UTC.
-- ${text}, ${binary}, ${serial} are the databases' own words for text that sorts by its bytes, a blob,
-- and a growing number.

create table endpoints (
  id ${text} primary key,
  created_at bigint not null,
  updated_at bigint not null,
  created_by ${text} not null,
  last_updated_by ${text} not null,
  url ${text} not null unique,
  type ${text} not null,
  bindings ${text} not null,
  traffic_policy ${text} not null,
  description ${text} not null,
  metadata ${text} not null,
  pooling_enabled boolean not null,
  is_default boolean not null,
  disabled boolean not null
);

create table gateway_keys (
  id ${text} primary key,
  created_at bigint not null,
  updated_at bigint not null,
  created_by ${text} not null,
  last_updated_by ${text} not null,
  endpoint_id ${text} not null references endpoints (id),
  lookup_id ${text} not null unique,
  token_hash ${binary} not null,
  display_name ${text} not null,
  description ${text} not null,
  metadata ${text} not null,
  disabled boolean not null,
  expires_at bigint,
  last_used bigint
);

create index gateway_keys_by_endpoint on gateway_keys (endpoint_id);

create table provider_keys (
  id ${text} primary key,
  created_at bigint not null,
  updated_at bigint not null,
  created_by ${text} not null,
  last_updated_by ${text} not null,
  provider_id ${text} not null,
  gateway_key_id ${text} references gateway_keys (id),
  sealed_value ${binary} not null,
  display_name ${text} not null,
  description ${text} not null,
  metadata ${text} not null,
  last_used bigint
);

create index provider_keys_by_gateway_key on provider_keys (gateway_key_id);

create table management_keys (
  id ${text} primary key,
  created_at bigint not null,
  updated_at bigint not null,
  created_by ${text} not null,
  token_hash ${binary} not null unique,
  role ${text} not null,
  description ${text} not null,
  metadata ${text} not null
);

create table audit_events (
  id ${text} primary key,
  at bigint not null,
  actor ${text} not null,
  action ${text} not null,
  resource ${text} not null,
  resource_id ${text} not null,
  before_json ${text} not null,
  after_json ${text} not null
);

create table idempotency_keys (
  actor ${text} not null,
  idempotency_key ${text} not null,
  request_hash ${text} not null,
  status integer not null,
  body ${text} not null,
  at bigint not null,
  primary key (actor, idempotency_key)
);

create index idempotency_keys_by_time on idempotency_keys (at);

create table changes (
  sequence ${serial},
  resource ${text} not null,
  id ${text} not null
);
