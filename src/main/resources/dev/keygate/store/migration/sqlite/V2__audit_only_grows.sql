create trigger audit_events_are_not_changed before update on audit_events
begin
  select raise(abort, 'audit events are not changed');
end;

create trigger audit_events_are_not_deleted before delete on audit_events
begin
  select raise(abort, 'audit events are not deleted');
end;
