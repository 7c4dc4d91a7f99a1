create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'audit events are neither changed nor deleted';
end
$$;

create trigger audit_events_only_grow before update or delete on audit_events
  for each row execute function refuse_change();

create trigger audit_events_are_not_truncated before truncate on audit_events
  for each statement execute function refuse_change();
