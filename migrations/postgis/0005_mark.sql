-- What no other change has, in no other store and in none that was brought back from a copy: whoever kept something as
-- of a change looks for its mark before trusting it.
alter table quartier.change add column mark uuid not null default gen_random_uuid();
