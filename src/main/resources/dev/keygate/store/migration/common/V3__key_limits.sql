-- What a gateway key may do, as the JSON object of its limits.

alter table gateway_keys add column limits ${text} not null default '{}';
