-- What sensors there are and what they said, in the words of OGC 18-088. References are checked at the end of a
-- transaction, so that a batch may name its entities in any order.

-- For each kind, the lowest number that was never given. The row of observations is also what lines up whoever writes
-- observations and what is kept of them.
create table quartier.number (
    kind text   primary key,
    next bigint not null default 1
) with (fillfactor = 10);
insert into quartier.number (kind)
values ('thing'), ('location'), ('historical_location'), ('datastream'), ('sensor'), ('observed_property'),
       ('observation'), ('feature_of_interest');

create table quartier.thing (
    id          bigint primary key,
    name        text   not null,
    description text   not null,
    properties  jsonb  not null
);

create table quartier.feature_of_interest (
    id          bigint primary key,
    name        text   not null,
    description text   not null,
    encoding    text   not null,
    -- As it was sent: json and not jsonb, since that writes numbers anew.
    sent        json   not null,
    -- In WGS 84, and in the working CRS.
    degrees     geometry check (st_srid(degrees) = 4326),
    geometry    geometry,
    properties  jsonb  not null
);
create index feature_of_interest_geometry on quartier.feature_of_interest using gist (geometry);

create table quartier.location (
    id          bigint primary key,
    name        text   not null,
    description text   not null,
    encoding    text   not null,
    sent        json   not null,
    degrees     geometry check (st_srid(degrees) = 4326),
    geometry    geometry,
    properties  jsonb  not null,
    -- The one that was made of the location.
    feature     bigint references quartier.feature_of_interest deferrable initially deferred
);
create index location_geometry on quartier.location using gist (geometry);
create index location_feature on quartier.location (feature);

create table quartier.thing_location (
    thing    bigint   not null references quartier.thing on delete cascade deferrable initially deferred,
    position smallint not null,
    location bigint   not null references quartier.location deferrable initially deferred,
    primary key (thing, position)
);
create index thing_location_location on quartier.thing_location (location);

create table quartier.historical_location (
    id    bigint      primary key,
    time  timestamptz not null,
    thing bigint      not null references quartier.thing deferrable initially deferred
);
create index historical_location_thing on quartier.historical_location (thing, time);

create table quartier.historical_location_location (
    historical_location bigint not null
        references quartier.historical_location on delete cascade deferrable initially deferred,
    position            smallint not null,
    location            bigint   not null references quartier.location deferrable initially deferred,
    primary key (historical_location, position)
);
create index historical_location_location_location on quartier.historical_location_location (location);

create table quartier.sensor (
    id          bigint primary key,
    name        text   not null,
    description text   not null,
    encoding    text   not null,
    metadata    json   not null,
    properties  jsonb  not null
);

create table quartier.observed_property (
    id          bigint primary key,
    name        text   not null,
    definition  text   not null,
    description text   not null,
    properties  jsonb  not null
);

create table quartier.datastream (
    id          bigint  primary key,
    name        text    not null,
    description text    not null,
    thing       bigint  not null references quartier.thing deferrable initially deferred,
    sensor      bigint  not null references quartier.sensor deferrable initially deferred,
    is_multi    boolean not null,
    properties  jsonb   not null
);
create index datastream_thing on quartier.datastream (thing);
create index datastream_sensor on quartier.datastream (sensor);

-- What a datastream's results are; one row for each part of a result.
create table quartier.channel (
    datastream        bigint   not null references quartier.datastream on delete cascade deferrable initially deferred,
    position          smallint not null,
    observed_property bigint   not null references quartier.observed_property deferrable initially deferred,
    observation_type  text     not null,
    unit_name         text,
    unit_symbol       text,
    unit_definition   text,
    primary key (datastream, position)
);
create index channel_observed_property on quartier.channel (observed_property);

-- No foreign keys, which would be checked for every row: `summary` and `observed` have them, and a row for each.
create table quartier.observation (
    id               bigint      not null,
    datastream       bigint      not null,
    feature          bigint      not null,
    phenomenon_start timestamptz not null,
    -- The start itself for an instant.
    phenomenon_end   timestamptz not null,
    -- `-infinity` where there is none, so that it can be part of a key.
    result_time      timestamptz not null,
    -- 0, or the id of one that is kept beside others of the same times.
    copy             bigint      not null,
    result           double precision,
    -- What is no number; text and not jsonb, since that writes numbers anew.
    result_json      text        collate "C",
    -- What few have: valid time, quality, parameters.
    detail           text
) partition by range (phenomenon_start);

-- Also the order of a datastream's observations in time.
create unique index observation_key
    on quartier.observation (datastream, phenomenon_start, phenomenon_end, result_time, copy);
create index observation_id on quartier.observation (id);
create index observation_datastream on quartier.observation (datastream, id);
create index observation_time on quartier.observation using brin (phenomenon_start);

-- What is before and after the months that get a partition each. There is no default partition: with one, a
-- datastream's observations could not be read in the order of time, partition after partition.
create table quartier.observation_early partition of quartier.observation
    for values from (minvalue) to ('2000-01-01 00:00+00');
create table quartier.observation_late partition of quartier.observation
    for values from ('2050-01-01 00:00+00') to (maxvalue);

-- Makes the partition of a month, told by its first day, where it is not there yet. It is attached and not created as
-- a partition, which readers would have to wait for.
create function quartier.make_month(month date) returns void
language plpgsql as $$
declare
    name text := 'observation_' || to_char(month, 'YYYY_MM');
begin
    perform pg_advisory_xact_lock(hashtext('quartier.make_month'));
    if to_regclass('quartier.' || name) is not null then
        return;
    end if;
    execute format('create table quartier.%I (like quartier.observation)', name);
    execute format('alter table quartier.observation attach partition quartier.%I for values from (%L) to (%L)',
                   name, month || ' 00:00+00', (month + interval '1 month')::date || ' 00:00+00');
end
$$;

-- How many observations there are of each 8,192 numbers, to pass over many.
create table quartier.block (
    number bigint primary key,
    count  bigint not null
) with (fillfactor = 50);

-- What is kept of each datastream's observations, so that nothing has to be counted.
create table quartier.summary (
    datastream       bigint      primary key references quartier.datastream,
    count            bigint      not null,
    phenomenon_start timestamptz not null,
    phenomenon_end   timestamptz not null,
    -- `-infinity` where none has a result time.
    result_start     timestamptz not null,
    result_end       timestamptz not null
) with (fillfactor = 50);

-- The latest observation of each datastream, whole.
create table quartier.latest (
    datastream       bigint      primary key,
    id               bigint      not null,
    feature          bigint      not null,
    phenomenon_start timestamptz not null,
    phenomenon_end   timestamptz not null,
    result_time      timestamptz not null,
    copy             bigint      not null,
    result           double precision,
    result_json      text,
    detail           text
) with (fillfactor = 50);

-- How many observations of a datastream are of which feature of interest.
create table quartier.observed (
    datastream bigint not null,
    feature    bigint not null references quartier.feature_of_interest,
    count      bigint not null,
    primary key (datastream, feature)
) with (fillfactor = 50);
create index observed_feature on quartier.observed (feature);

-- Numeric results of an hour or a day (UTC), by the start of their phenomenon time; kept when observations expire.
create table quartier.rollup (
    datastream       bigint           not null,
    hours            smallint         not null check (hours in (1, 24)),
    start            timestamptz      not null,
    count            bigint           not null,
    sum              double precision not null,
    min              double precision not null,
    max              double precision not null,
    -- Sums of the sines and cosines of the results as degrees.
    sines            double precision not null,
    cosines          double precision not null,
    last_time        timestamptz      not null,
    -- Of two at the same time, the one with the later result time is last.
    last_result_time timestamptz      not null,
    last             double precision not null,
    primary key (datastream, hours, start)
) with (fillfactor = 70);

-- A sum that stops growing where numbers end.
create function quartier.bounded_sum(one double precision, two double precision) returns double precision
language sql immutable parallel safe
return case
    when one > 0 then one + least(two, 1.7976931348623157e308 - one)
    else one + greatest(two, -1.7976931348623157e308 - one)
end;

-- Which thing belonged to which city object while (valid), and from when to when that was what the twin knew
-- (recorded). It outlives both.
create table quartier.thing_link (
    key           bigint           primary key generated always as identity,
    thing         bigint           not null,
    collection    text             collate "C" not null,
    fid           bigint           not null,
    object        text             collate "C" not null,
    role          text             not null,
    method        text             not null,
    confidence    real             not null,
    distance_m    double precision not null,
    valid_from    timestamptz,
    valid_to      timestamptz,
    recorded_from timestamptz      not null,
    recorded_to   timestamptz
);
create index thing_link_thing on quartier.thing_link (thing);

create table quartier.geofence (
    id   bigint primary key,
    name text   not null,
    body json   not null
);

-- A collection of the same name takes a view's place; its own data are then what people look for there.
create function quartier.make_sensor_views(srid integer) returns void
language plpgsql as $$
begin
    execute format('alter table quartier.location add constraint in_working_crs check (st_srid(geometry) = %s)', srid);
    execute format('alter table quartier.feature_of_interest add constraint in_working_crs check (st_srid(geometry) = %s)', srid);
    if to_regclass('city.sensors') is null then
        execute format($view$
            create view city.sensors as
            select thing.id, thing.name, thing.description,
                   st_pointonsurface(st_force2d(place.geometry))::geometry(Point, %s) as geometry,
                   place.id as location, place.name as location_name, thing.properties
            from quartier.thing
            left join lateral (
                select location.id, location.name, location.geometry
                from quartier.thing_location
                join quartier.location on location.id = thing_location.location
                where thing_location.thing = thing.id
                order by location.geometry is null, thing_location.position
                limit 1
            ) as place on true
        $view$, srid);
    end if;
    if to_regclass('city.observations') is null then
        create view city.observations as
        select observation.id, observation.datastream, datastream.name as datastream_name,
               datastream.thing, thing.name as thing_name, channels.property, channels.unit,
               observation.phenomenon_start, observation.phenomenon_end,
               nullif(observation.result_time, '-infinity') as result_time,
               observation.result, observation.result_json::jsonb as result_json, observation.feature
        from quartier.observation
        join quartier.datastream on datastream.id = observation.datastream
        join quartier.thing on thing.id = datastream.thing
        left join (
            select channel.datastream,
                   string_agg(observed_property.name, ', ' order by channel.position) as property,
                   string_agg(channel.unit_symbol, ', ' order by channel.position) as unit
            from quartier.channel
            join quartier.observed_property on observed_property.id = channel.observed_property
            group by channel.datastream
        ) as channels on channels.datastream = observation.datastream;
    end if;
    if to_regclass('city.sensor_link') is null then
        create view city.sensor_link as
        select datastream.id as datastream, thing_link.thing, thing_link.collection, thing_link.fid, thing_link.object,
               thing_link.role, thing_link.method, thing_link.confidence, thing_link.distance_m,
               tstzrange(thing_link.valid_from, thing_link.valid_to) as valid,
               tstzrange(thing_link.recorded_from, thing_link.recorded_to) as transaction
        from quartier.thing_link
        join quartier.datastream on datastream.thing = thing_link.thing;
    end if;
end
$$;

create or replace function quartier.make(working_crs text, srid integer) returns void
language plpgsql as $$
begin
    insert into quartier.twin (working_crs, srid) values (working_crs, srid);
    execute format('alter table quartier.object add constraint in_working_crs check (st_srid(geometry) = %s)', srid);
    execute format('alter table quartier.object_history add constraint in_working_crs check (st_srid(geometry) = %s)', srid);
    perform quartier.make_sensor_views(srid);
end
$$;

-- A store that an older Quartier made has its working CRS already.
select quartier.make_sensor_views(srid) from quartier.twin;
