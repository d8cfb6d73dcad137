-- The truth, every version of it. GIS programs see the views that are made of it, one for each collection.
-- Times are microseconds since 1970.
create table quartier_twin (
    only_one    integer not null primary key default 1 check (only_one = 1),
    working_crs text    not null,
    srs_id      integer not null references gpkg_spatial_ref_sys (srs_id),
    -- Number of the newest change.
    sequence    integer not null default 0,
    next_fid    integer not null default 1
);

create table quartier_collection (
    key         integer not null primary key autoincrement,
    id          text    not null unique,
    description text    not null,
    -- The kinds of geometry seen so far, as bits.
    shapes      integer not null default 0,
    -- When the newest versions of the collection became current.
    recorded_us integer not null default 0
);

create table quartier_object (
    fid              integer not null primary key,
    collection       integer not null,
    version          integer not null,
    recorded_from_us integer not null,
    valid_from_us    integer,
    valid_to_us      integer,
    id               text    not null,
    source_id        text,
    fingerprint      blob    not null,
    geometry         geometry,
    properties       text    not null,
    -- Last, so that a scan does not read past it.
    structure        text,
    unique (collection, id)
);
create index quartier_object_collection on quartier_object (collection);

create table quartier_object_history (
    fid              integer not null,
    collection       integer not null,
    version          integer not null,
    recorded_from_us integer not null,
    recorded_to_us   integer not null,
    valid_from_us    integer,
    valid_to_us      integer,
    id               text    not null,
    source_id        text,
    fingerprint      blob    not null,
    geometry         geometry,
    properties       text    not null,
    structure        text,
    primary key (fid, version)
);
create index quartier_object_history_id on quartier_object_history (collection, id);

create table quartier_change (
    sequence   integer not null primary key,
    collection integer not null,
    -- A JSON list of feature ids; empty where the collection's description changed.
    objects    text    not null
);

-- Once a table is registered so, GIS programs show what is registered and not the tables behind it.
insert into gpkg_contents (table_name, data_type, identifier, description)
values ('quartier_collection', 'attributes', 'quartier_collection', 'The collections of the twin');

-- For SQLite's planner: a collection is most of the table, so what is found by feature id or by box is not looked for
-- among the collection. Without a guess it takes a collection for ten rows.
analyze sqlite_master;
insert into sqlite_stat1 (tbl, idx, stat) values
    ('quartier_object', 'quartier_object_collection', '1000000 500000'),
    ('quartier_object', 'sqlite_autoindex_quartier_object_1', '1000000 500000 1');
