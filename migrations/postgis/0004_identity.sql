-- Tells this store from every other: feature ids and versions begin anew in each.
create table quartier.identity (
    only_one boolean primary key default true check (only_one),
    identity text    not null
);
insert into quartier.identity (identity) values (replace(gen_random_uuid()::text, '-', ''));
