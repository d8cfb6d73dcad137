-- A collection's typed view, `city.NAME`. A value that does not fit its column's type is null there.

create function quartier.as_text(properties jsonb, name text) returns text
language sql immutable parallel safe
return properties ->> name;

create function quartier.as_json(properties jsonb, name text) returns jsonb
language sql immutable parallel safe
return properties -> name;

create function quartier.as_boolean(properties jsonb, name text) returns boolean
language sql immutable parallel safe
return case when jsonb_typeof(properties -> name) = 'boolean' then (properties -> name)::boolean end;

create function quartier.as_number(properties jsonb, name text) returns double precision
language sql immutable parallel safe
return case when jsonb_typeof(properties -> name) = 'number' then (properties -> name)::double precision end;

create function quartier.as_integer(properties jsonb, name text) returns bigint
language sql immutable parallel safe
return case
    when jsonb_typeof(properties -> name) = 'number'
     and (properties -> name)::numeric between -9223372036854775808 and 9223372036854775807
    then (properties -> name)::bigint
end;

-- A day of the calendar, as far as it takes to keep a cast from failing.
create function quartier.is_date(value text) returns boolean
language sql immutable parallel safe
return value ~ '^\d{4}-((0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)|02-(0[1-9]|1\d|2[0-8]))$'
    or value ~ '^(\d\d(0[48]|[2468][048]|[13579][26])|([02468][48]|[2468][048]|[13579][26])00)-02-29$';

create function quartier.as_date(properties jsonb, name text) returns date
language sql immutable parallel safe
return case
    when quartier.is_date(properties ->> name) and properties ->> name > '0001'
    then (properties ->> name)::date
end;

create function quartier.as_date_time(properties jsonb, name text) returns timestamptz
language sql stable parallel safe
return case
    when quartier.is_date(left(properties ->> name, 10)) and properties ->> name > '0001'
     and substr(properties ->> name, 11) ~* '^[t ]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(z|[+-](0\d|1[0-4]):[0-5]\d)$'
    then (properties ->> name)::timestamptz
end;

-- Makes a collection's view anew. `shape` is the expression of its geometry column; the caller made it from a fixed
-- set of words. `kinds` are the ends of the names of the functions above.
create function quartier.make_layer(
    collection_key integer, shape text, columns text[], properties text[], kinds text[]
) returns void
language plpgsql as $$
declare
    name  text;
    query text;
begin
    select id into name from quartier.collection where key = collection_key;
    query := format('select fid, id, %s as geometry, valid_from, valid_to', shape);
    for i in 1 .. cardinality(columns) loop
        query := query || format(', quartier.%I(properties, %L) as %I', 'as_' || kinds[i], properties[i], columns[i]);
    end loop;
    query := format('create or replace view city.%I as %s from quartier.object where collection = %s',
                    name, query, collection_key);
    begin
        execute query;
    exception when invalid_table_definition or feature_not_supported or datatype_mismatch then
        begin
            execute format('drop view city.%I', name);
            execute query;
        exception when dependent_objects_still_exist then
            raise warning 'city.% keeps its old columns, since another view uses it: drop that one', name;
        end;
    end;
end
$$;

-- Makes the index by which the view's geometry is searched. To be called before anything else touches the objects in
-- a transaction: a lock that must grow ends in a deadlock with another transaction's that must grow too.
create function quartier.index_layer(collection_key integer, shape text) returns void
language plpgsql as $$
declare
    indexed_shape text;
    index_name    text := 'object_geometry_' || collection_key;
begin
    select indexed into indexed_shape from quartier.collection where key = collection_key;
    if indexed_shape is null then
        lock table quartier.object in share row exclusive mode;
    elsif indexed_shape <> shape then
        -- Readers of the database wait too, which they do only when a collection gets a kind of geometry that it
        -- did not have.
        lock table quartier.object in access exclusive mode;
        execute format('drop index quartier.%I', index_name);
    else
        return;
    end if;
    execute format('create index %I on quartier.object using gist ((%s)) where collection = %s',
                   index_name, shape, collection_key);
    update quartier.collection set indexed = shape where key = collection_key;
end
$$;
