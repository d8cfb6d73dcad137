-- Tells this store from every other: feature ids and versions begin anew in each.
create table quartier_identity (
    only_one integer not null primary key default 1 check (only_one = 1),
    identity text    not null
);
insert into quartier_identity (identity) values (lower(hex(randomblob(16))));
