mod deleting;
mod entities;
mod links;
mod oracle;
mod orders;
mod repeats;
mod retention;
pub(crate) mod sample;
mod trouble;
