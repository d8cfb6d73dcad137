use quartier_model::EntityKind;

use super::{
    create::{Birth, Made},
    links::Node,
    members::Members,
    target::{Target, absent, walk},
    update::Change,
    work::Work,
};
use crate::{Error, Result, path::ResourcePath};

/// What happens to the target of a path.
#[derive(Debug)]
pub(super) enum Act {
    Create(Members),
    Update(Members, Change),
    Delete,
}

/// What has happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Done {
    Made(Made),
    Changed(Node),
    Deleted,
}

impl Work<'_> {
    pub(super) fn perform(&mut self, path: &ResourcePath, act: Act) -> Result<Done> {
        let target = walk(&self.catalogue, self.known, path)?;
        match (act, target) {
            (Act::Create(body), Target::Set { kind, parent }) => {
                if kind == EntityKind::ObservedProperty && parent.is_some() {
                    return Err(Error::NotAllowed(
                        "an observed property is added to a MultiDatastream by a PATCH of that"
                            .to_owned(),
                    ));
                }
                self.create(kind, body, Birth::below(parent)).map(Done::Made)
            }
            (Act::Create(_), Target::One(_)) => {
                Err(Error::NotAllowed("POST makes a member of a set; use PATCH or PUT".to_owned()))
            }
            (_, Target::Set { .. }) => {
                Err(Error::NotAllowed("name one entity: `Things(1)`".to_owned()))
            }
            (Act::Update(..), Target::One((EntityKind::Observation, _))) => {
                Err(Error::NotAllowed(
                    "an observation is not changed together with others: take it out of the atomicityGroup"
                        .to_owned(),
                ))
            }
            (Act::Update(body, change), Target::One(node)) => {
                self.update(node, body, change).map(|()| Done::Changed(node))
            }
            (Act::Delete, Target::One(node)) => {
                if node.0 != EntityKind::Observation
                    && !self.catalogue.contains(node.0, node.1)
                {
                    return Err(absent(node));
                }
                self.delete(node);
                Ok(Done::Deleted)
            }
        }
    }
}
