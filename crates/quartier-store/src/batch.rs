use quartier_model::{CityObject, CollectionId, FeatureId, ObjectId};

/// Counts the changes of a store; later changes have greater numbers.
pub type Sequence = u64;

/// What is written together.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Batch {
    pub existing: Existing,
    /// No id stands twice.
    pub puts: Vec<CityObject>,
    /// Objects to close; ids that are unknown are passed over.
    pub deletes: Vec<ObjectId>,
}

/// What happens to an object whose id is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Existing {
    /// It gets a new version where it differs.
    #[default]
    Change,
    /// It stays as it is, and the receipt says so.
    Keep,
}

/// What a write did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The number of the change that the batch made; the newest before it where it changed nothing.
    pub sequence: Sequence,
    /// One for each put, in the batch's order.
    pub puts: Vec<(FeatureId, Outcome)>,
    /// The objects that were closed.
    pub deleted: Vec<FeatureId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    Created,
    Changed,
    Unchanged,
    /// It was there already, and [`Existing::Keep`] was asked for.
    Kept,
}

/// Objects that one commit made, changed or deleted. With no objects, the collection's description changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub sequence: Sequence,
    pub collection: CollectionId,
    pub objects: Vec<FeatureId>,
}
