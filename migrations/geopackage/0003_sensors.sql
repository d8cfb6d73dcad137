-- What sensors say. Times are microseconds since 1970, UTC; where a time is part of a key, -9223372036854775808 is none.

-- The next number of each kind of entity; a number is never given again.
create table quartier_number (
    kind text    not null primary key,
    next integer not null
) without rowid;
insert into quartier_number (kind, next) values
    ('thing', 1), ('location', 1), ('historical_location', 1), ('datastream', 1), ('sensor', 1),
    ('observed_property', 1), ('observation', 1), ('feature_of_interest', 1);

-- References are checked at the end of a transaction, since a batch's entities come in any order.
create table quartier_thing (
    id          integer not null primary key,
    name        text    not null,
    description text    not null,
    properties  text    not null
);

create table quartier_feature_of_interest (
    id          integer not null primary key,
    name        text    not null,
    description text    not null,
    encoding    text    not null,
    -- As the client sent it, JSON.
    sent        text    not null,
    -- In WGS 84.
    degrees     blob,
    -- In the working CRS.
    geometry    geometry,
    properties  text    not null
);

create table quartier_location (
    id          integer not null primary key,
    name        text    not null,
    description text    not null,
    encoding    text    not null,
    sent        text    not null,
    degrees     blob,
    geometry    geometry,
    properties  text    not null,
    feature     integer references quartier_feature_of_interest (id) deferrable initially deferred
);
create index quartier_location_feature on quartier_location (feature);

create table quartier_thing_location (
    thing    integer not null references quartier_thing (id) deferrable initially deferred,
    position integer not null,
    location integer not null references quartier_location (id) deferrable initially deferred,
    primary key (thing, position)
) without rowid;
create index quartier_thing_location_location on quartier_thing_location (location);

create table quartier_historical_location (
    id      integer not null primary key,
    time_us integer not null,
    thing   integer not null references quartier_thing (id) deferrable initially deferred
);
create index quartier_historical_location_thing on quartier_historical_location (thing);

create table quartier_historical_place (
    historical_location integer not null
        references quartier_historical_location (id) deferrable initially deferred,
    position            integer not null,
    location            integer not null references quartier_location (id) deferrable initially deferred,
    primary key (historical_location, position)
) without rowid;
create index quartier_historical_place_location on quartier_historical_place (location);

create table quartier_sensor (
    id          integer not null primary key,
    name        text    not null,
    description text    not null,
    encoding    text    not null,
    metadata    text    not null,
    properties  text    not null
);

create table quartier_observed_property (
    id          integer not null primary key,
    name        text    not null,
    definition  text    not null,
    description text    not null,
    properties  text    not null
);

create table quartier_datastream (
    id          integer not null primary key,
    name        text    not null,
    description text    not null,
    thing       integer not null references quartier_thing (id) deferrable initially deferred,
    sensor      integer not null references quartier_sensor (id) deferrable initially deferred,
    is_multi    boolean not null,
    properties  text    not null
);
create index quartier_datastream_thing on quartier_datastream (thing);
create index quartier_datastream_sensor on quartier_datastream (sensor);

create table quartier_channel (
    datastream        integer not null references quartier_datastream (id) deferrable initially deferred,
    position          integer not null,
    observed_property integer not null
        references quartier_observed_property (id) deferrable initially deferred,
    observation_type  text    not null,
    unit_name         text,
    unit_symbol       text,
    unit_definition   text,
    primary key (datastream, position)
) without rowid;
create index quartier_channel_observed_property on quartier_channel (observed_property);

-- In the order in which they came, so that rows that are written together stand on few pages; the key is the one index
-- that is written all over. No references: `quartier_summary` and `quartier_observed` have them, and are written with
-- every observation.
create table quartier_observation (
    id                  integer not null primary key,
    datastream          integer not null,
    feature             integer not null,
    phenomenon_start_us integer not null,
    -- An instant's is its start.
    phenomenon_end_us   integer not null,
    result_time_us      integer not null,
    -- 0 for the one that stands for its repeats, else the id.
    copy                integer not null,
    -- Either a number, or JSON of anything else.
    result              real,
    result_json         text,
    -- JSON of what few have: valid time, quality, parameters.
    detail              text
);
create unique index quartier_observation_key on quartier_observation (
    datastream, phenomenon_start_us, phenomenon_end_us, result_time_us, copy
);
create index quartier_observation_time on quartier_observation (phenomenon_start_us);

-- What is kept of 16,384 numbers each, to pass over many: how many there are, and when. What is deleted is counted out,
-- but its times stay in.
create table quartier_block (
    number      integer not null primary key,
    count       integer not null,
    earliest_us integer not null,
    latest_us   integer not null
);

-- What is kept of each datastream that has observations.
create table quartier_summary (
    datastream            integer not null primary key
        references quartier_datastream (id) deferrable initially deferred,
    count                 integer not null,
    phenomenon_start_us   integer not null,
    phenomenon_end_us     integer not null,
    result_time_start_us  integer,
    result_time_end_us    integer,
    -- The latest observation, and what makes it that.
    latest_end_us         integer not null,
    latest_result_time_us integer not null,
    latest                integer not null
);

-- How many of a datastream's observations are of which feature.
create table quartier_observed (
    datastream integer not null,
    feature    integer not null
        references quartier_feature_of_interest (id) deferrable initially deferred,
    count      integer not null,
    primary key (datastream, feature)
) without rowid;
create index quartier_observed_feature on quartier_observed (feature);

-- The numbers of an hour or a day. By time first: what is written at one time stands on few pages.
create table quartier_rollup (
    -- 3600 or 86400.
    step_s              integer not null,
    start_us            integer not null,
    datastream          integer not null,
    count               integer not null,
    sum                 real    not null,
    min                 real    not null,
    max                 real    not null,
    -- Of the numbers as degrees.
    sines               real    not null,
    cosines             real    not null,
    last_us             integer not null,
    last_result_time_us integer not null,
    last                real    not null,
    primary key (step_s, start_us, datastream)
) without rowid;
create index quartier_rollup_datastream on quartier_rollup (datastream, step_s, start_us);

-- Which thing belonged to which object when, and what was known of that when.
create table quartier_thing_link (
    key              integer not null primary key,
    thing            integer not null,
    collection       text    not null,
    fid              integer not null,
    object           text    not null,
    role             text    not null,
    method           text    not null,
    confidence       real    not null,
    distance_m       real    not null,
    valid_from_us    integer,
    valid_to_us      integer,
    recorded_from_us integer not null,
    recorded_to_us   integer
);
create index quartier_thing_link_thing on quartier_thing_link (thing) where recorded_to_us is null;

create table quartier_geofence (
    id         integer not null primary key,
    name       text    not null,
    -- JSON.
    definition text    not null
);

-- What planners and researchers see. The first part of each union is an empty table that gives the columns types.
create table quartier_layer_sensors (
    OGC_FID INTEGER PRIMARY KEY, geometry GEOMETRY, name TEXT, description TEXT, location TEXT, properties TEXT
);
create view sensors as
    select OGC_FID, geometry, name, description, location, properties from quartier_layer_sensors where 0
    union all
    select thing.id, place.geometry, thing.name, thing.description, place.name, thing.properties
    from quartier_thing as thing
    left join quartier_location as place on place.id = (
        select location from quartier_thing_location
        where thing = thing.id
        order by position
        limit 1
    );

create table quartier_layer_observations (
    OGC_FID INTEGER PRIMARY KEY, datastream INTEGER, datastream_name TEXT, thing INTEGER, thing_name TEXT,
    property TEXT, unit TEXT, phenomenon_start DATETIME, phenomenon_end DATETIME, result_time DATETIME,
    result DOUBLE, result_json TEXT, feature INTEGER
);
create view observations as
    select OGC_FID, datastream, datastream_name, thing, thing_name, property, unit,
           phenomenon_start, phenomenon_end, result_time, result, result_json, feature
    from quartier_layer_observations where 0
    union all
    select observation.id, observation.datastream, datastream.name, thing.id, thing.name,
           property.name, channel.unit_symbol,
           strftime('%Y-%m-%dT%H:%M:%fZ', observation.phenomenon_start_us / 1000000.0, 'unixepoch'),
           strftime('%Y-%m-%dT%H:%M:%fZ', observation.phenomenon_end_us / 1000000.0, 'unixepoch'),
           case when observation.result_time_us > -9223372036854775808
                then strftime('%Y-%m-%dT%H:%M:%fZ', observation.result_time_us / 1000000.0, 'unixepoch') end,
           observation.result, observation.result_json, observation.feature
    from quartier_observation as observation
    join quartier_datastream as datastream on datastream.id = observation.datastream
    join quartier_thing as thing on thing.id = datastream.thing
    left join quartier_channel as channel on channel.datastream = datastream.id and channel.position = 0
    left join quartier_observed_property as property on property.id = channel.observed_property;

create view sensor_link as
    select datastream.id as datastream, link.thing, link.collection, link.object, link.fid, link.role, link.method,
           link.confidence, link.distance_m,
           strftime('%Y-%m-%dT%H:%M:%fZ', link.valid_from_us / 1000000.0, 'unixepoch') as valid_from,
           strftime('%Y-%m-%dT%H:%M:%fZ', link.valid_to_us / 1000000.0, 'unixepoch') as valid_to,
           strftime('%Y-%m-%dT%H:%M:%fZ', link.recorded_from_us / 1000000.0, 'unixepoch') as recorded_from,
           strftime('%Y-%m-%dT%H:%M:%fZ', link.recorded_to_us / 1000000.0, 'unixepoch') as recorded_to
    from quartier_thing_link as link
    join quartier_datastream as datastream on datastream.thing = link.thing;
