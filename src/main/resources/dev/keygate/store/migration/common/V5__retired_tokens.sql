-- Tokens of gateway keys that are no longer, or not for much longer, the key's own: rotated out or deleted with it.
-- They outlive their key, so that it is known when one is still in use.

create table retired_tokens (
  id ${text} primary key,
  gateway_key_id ${text} not null,
  lookup_id ${text} not null unique,
  token_hash ${binary} not null,
  display_name ${text} not null,
  retired_at bigint not null,
  expires_at bigint not null,
  last_used bigint,
  refusals bigint not null,
  last_refused bigint
);

create index retired_tokens_by_gateway_key on retired_tokens (gateway_key_id);
create index retired_tokens_by_expiry on retired_tokens (expires_at);
