-- What happened to requests. Records are kept in batches as the journal wrote them, compressed; sums are kept beside them
-- for each minute, hour and day, so that no question about many requests reads them one by one.

create table request_batches (
  id ${text} primary key,
  first_id ${text} not null,
  last_id ${text} not null,
  first_at bigint not null,
  last_at bigint not null,
  count integer not null,
  records ${binary} not null
);

create index request_batches_by_request on request_batches (last_id, first_id);
create index request_batches_by_end on request_batches (last_at);

-- span is the seconds of a bucket. Minutes know no key, provider or model. took_ and first_ count requests by how long they
-- took and when their first byte came, in the steps of a histogram; cost is in billionths of a dollar.
create table usage_sums (
  span integer not null,
  bucket bigint not null,
  endpoint_id ${text} not null,
  key_id ${text} not null,
  provider ${text} not null,
  model ${text} not null,
  status_class integer not null,
  requests bigint not null,
  tokens_in bigint not null,
  tokens_out bigint not null,
  tokens_estimated bigint not null,
  cost bigint not null,
  micros bigint not null,
  took_00 bigint not null,
  took_01 bigint not null,
  took_02 bigint not null,
  took_03 bigint not null,
  took_04 bigint not null,
  took_05 bigint not null,
  took_06 bigint not null,
  took_07 bigint not null,
  took_08 bigint not null,
  took_09 bigint not null,
  took_10 bigint not null,
  took_11 bigint not null,
  took_12 bigint not null,
  took_13 bigint not null,
  took_14 bigint not null,
  took_15 bigint not null,
  first_00 bigint not null,
  first_01 bigint not null,
  first_02 bigint not null,
  first_03 bigint not null,
  first_04 bigint not null,
  first_05 bigint not null,
  first_06 bigint not null,
  first_07 bigint not null,
  first_08 bigint not null,
  first_09 bigint not null,
  first_10 bigint not null,
  first_11 bigint not null,
  first_12 bigint not null,
  first_13 bigint not null,
  first_14 bigint not null,
  first_15 bigint not null,
  primary key (span, bucket, endpoint_id, key_id, provider, model, status_class)
);

-- How far the segments of the nodes' journals were taken over: in the same transaction as what was.
create table journal_positions (
  segment ${text} primary key,
  position integer not null
);
