use quartier_model::CollectionId;

/// Why a thing has no object, or not the one that it names.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    #[error("the thing has no location")]
    NoLocation,
    #[error("none of the thing's locations is GeoJSON that can be brought into the working CRS")]
    NoPlace,
    #[error("no object is around the thing, and none is near enough")]
    NothingNear,
    #[error("the city has no object `{0}`, which the thing names")]
    Dangling(String),
    #[error("several collections have an object `{id}`, which the thing names: {}; name it as `collection/id`", names(.collections))]
    Ambiguous { id: String, collections: Vec<CollectionId> },
    #[error(
        "`properties.object` is neither `collection/id`, nor an id, nor an object of `collection` and `id`"
    )]
    Unreadable,
}

fn names(collections: &[CollectionId]) -> String {
    collections.iter().map(CollectionId::as_str).collect::<Vec<_>>().join(", ")
}
