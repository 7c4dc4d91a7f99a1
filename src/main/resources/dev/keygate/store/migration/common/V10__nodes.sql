-- The nodes that serve from this database: how far each has read the changes, and when it last said so,
-- in milliseconds since 1970 by the database's clock.

create table nodes (
  id ${text} primary key,
  applied bigint not null,
  seen_at bigint not null
);
