/// Why there is no such town.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TownError {
    #[error("a town has 1,000 to 10,000,000 buildings, not {0}: ask for a number in between")]
    Size(u64),
}
