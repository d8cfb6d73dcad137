-- The truth, every version of it. Planners and researchers read the typed views in the schema `city`.
-- Named, so that it is found by other roles where the own role's name is that of a schema, such as `quartier`.
create extension if not exists postgis with schema public;
create schema if not exists city;

create table quartier.twin (
    only_one    boolean primary key default true check (only_one),
    working_crs text    not null,
    srid        integer not null,
    -- Number of the newest change. The row's lock makes numbers grow in the order of commits.
    sequence    bigint  not null default 0
);

-- Stays exact in JavaScript.
create sequence quartier.fid maxvalue 9007199254740991;

create table quartier.collection (
    key         integer     primary key generated always as identity,
    id          text        collate "C" not null unique,
    description jsonb       not null,
    -- The kinds of geometry seen so far, as bits.
    shapes      integer     not null default 0,
    -- When the newest versions of the collection became current; the row's lock lines up its writers.
    recorded    timestamptz not null default '-infinity',
    -- The expression of the layer's geometry column that has an index.
    indexed     text
);

-- No foreign key to `collection`: it would be checked for every row of an import, and collections are never deleted.
create table quartier.object (
    fid           bigint      not null,
    recorded_from timestamptz not null,
    valid_from    timestamptz,
    valid_to      timestamptz,
    collection    integer     not null,
    version       integer     not null,
    fingerprint   bytea       not null,
    id            text        collate "C" not null,
    source_id     text,
    geometry      geometry,
    properties    jsonb       not null,
    -- 3D geometry and parts; json and not jsonb, since that writes numbers anew.
    structure     json,
    primary key (collection, fid),
    unique (collection, id)
);

create table quartier.object_history (
    fid           bigint      not null,
    recorded_from timestamptz not null,
    recorded_to   timestamptz not null,
    valid_from    timestamptz,
    valid_to      timestamptz,
    collection    integer     not null,
    version       integer     not null,
    fingerprint   bytea       not null,
    id            text        collate "C" not null,
    source_id     text,
    geometry      geometry,
    properties    jsonb       not null,
    structure     json,
    primary key (collection, fid, version)
);
create index object_history_id on quartier.object_history (collection, id);

-- Coordinates hardly compress, and trying costs more than it saves.
alter table quartier.object         alter column geometry set storage external;
alter table quartier.object_history alter column geometry set storage external;

create table quartier.change (
    sequence   bigint      primary key,
    collection integer     not null,
    -- Feature ids; empty where the collection's description changed.
    objects    bigint[]    not null,
    made       timestamptz not null default clock_timestamp()
);

create function quartier.make(working_crs text, srid integer) returns void
language plpgsql as $$
begin
    insert into quartier.twin (working_crs, srid) values (working_crs, srid);
    execute format('alter table quartier.object add constraint in_working_crs check (st_srid(geometry) = %s)', srid);
    execute format('alter table quartier.object_history add constraint in_working_crs check (st_srid(geometry) = %s)', srid);
end
$$;

-- To be called last in a transaction: from here to the commit, writers of all collections wait for each other.
create function quartier.log_change(collection integer, objects bigint[]) returns bigint
language plpgsql as $$
declare
    number bigint;
begin
    update quartier.twin set sequence = sequence + 1 returning sequence into number;
    insert into quartier.change (sequence, collection, objects) values (number, collection, objects);
    perform pg_notify('quartier_change', number::text);
    return number;
end
$$;
