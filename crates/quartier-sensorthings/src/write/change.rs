//! Writing one entity.

use quartier_model::{EntityId, EntityKind, Observation, Repeats};
use quartier_twin::sensors::Source;

use super::{
    Method, Reply, Write,
    create::Made,
    links::{self, Node},
    members::{Linked, Members},
    nothing, observations,
    perform::{Act, Done},
    reading::Reading,
    target::{Target, absent, named_observations, walk},
    transaction::{Known, refusal},
    update::Change,
    work::unknown,
};
use crate::{
    Answer, Error, Kind, Request, Result, Service,
    path::{ResourcePath, set_name},
};

impl Service {
    pub(super) async fn write_entity(
        &self,
        request: Request<'_>,
        path: &ResourcePath,
        write: Write,
    ) -> Result<Answer> {
        let known = self.observations_named(named_observations(path).collect()).await?;
        let target = walk(&*self.catalogue()?, &known, path)?;
        if write.method == Method::JsonPatch {
            return self.json_patch(request, target, &known, &write).await;
        }
        if write.method == Method::Delete {
            self.transact(&known, |work| work.perform(path, Act::Delete)).await?;
            return Ok(nothing(Kind::Ok));
        }
        let body = Members::parse(&write.body)?;
        let how = if write.method == Method::Put { Change::Replace } else { Change::Merge };
        let node = match (write.method, target) {
            (Method::Post, _) => self.create(path, target, body, &known).await?,
            (_, Target::One(node)) => self.change(node, body, how, &known).await?,
            (_, Target::Set { .. }) => {
                return Err(Error::NotAllowed("name one entity to change: `Things(1)`".to_owned()));
            }
        };
        self.reply(request, node, &write).await
    }

    /// Makes an entity; observations alone go past the transaction.
    pub(super) async fn create(
        &self,
        path: &ResourcePath,
        target: Target,
        body: Members,
        known: &Known,
    ) -> Result<Node> {
        if let Target::Set { kind: EntityKind::Observation, parent } = target
            && observations::is_plain(&body)
        {
            let catalogue = self.catalogue()?;
            let new = observations::plain(&catalogue, body, parent, Repeats::Kept);
            let new = new.inspect_err(|_| self.sensors().count_rejected(&Source::Http, 1))?;
            let appended = self.observe(vec![new]).await?;
            let appended = appended.first().map(|it| it.id);
            return Ok((EntityKind::Observation, appended.unwrap_or_default()));
        }
        let (receipt, done) =
            self.transact(known, |work| work.perform(path, Act::Create(body))).await?;
        Ok(match done {
            Done::Made(Made::Entity(node)) | Done::Changed(node) => node,
            Done::Made(Made::Observation(place)) => {
                let appended = receipt.observations.get(place).map(|it| it.id);
                (EntityKind::Observation, appended.unwrap_or_default())
            }
            Done::Deleted => (path.kind(), EntityId::default()),
        })
    }

    /// An observation that comes as a message, with entities that it brings along.
    pub(crate) async fn publish_deep(&self, path: &ResourcePath, body: Members) -> Result<()> {
        let known = Known::new();
        let made = self.transact(&known, |work| {
            work.repeats = Repeats::Merged;
            work.perform(path, Act::Create(body))
        });
        made.await.map(|_| ())
    }

    pub(super) async fn change(
        &self,
        node: Node,
        body: Members,
        change: Change,
        known: &Known,
    ) -> Result<Node> {
        match known.get(&node.1).filter(|_| node.0 == EntityKind::Observation) {
            Some(old) => self.change_observation(old, body, change).await?,
            None => {
                self.transact(known, |work| work.update(node, body, change)).await?;
            }
        }
        Ok(node)
    }

    pub(super) async fn change_observation(
        &self,
        old: &Observation,
        mut body: Members,
        change: Change,
    ) -> Result<()> {
        let catalogue = self.catalogue()?;
        let reference = |linked: Option<Linked>, kind, before| match linked {
            None => Ok(before),
            Some(Linked::Existing(id)) if catalogue.contains(kind, id) => Ok(id),
            Some(Linked::Existing(id)) => Err(unknown((kind, id))),
            Some(Linked::New(_)) => Err(Error::bad(
                "a change links entities that are there, as {\"@iot.id\": 1}; make new ones with POST",
            )),
        };
        let (single, multi) = (EntityKind::Datastream, EntityKind::MultiDatastream);
        let datastream = reference(body.one("Datastream")?, single, old.datastream)?;
        let datastream = reference(body.one("MultiDatastream")?, multi, datastream)?;
        let feature = body.one("FeatureOfInterest")?;
        let feature = reference(feature, EntityKind::FeatureOfInterest, old.feature)?;
        let reading = match change {
            Change::Merge => Reading::merged(&mut body, old)?,
            Change::Replace => Reading::new(&mut body, old.phenomenon_time.start())?,
        };
        if let Some(it) = catalogue.datastreams.get(&datastream) {
            reading.check(it)?;
        }
        body.finish()?;
        let observation = reading.kept_as(old.id, datastream, feature);
        let is_there = self.sensors().replace_observation(&observation).await.map_err(refusal)?;
        if is_there { Ok(()) } else { Err(absent((EntityKind::Observation, old.id))) }
    }

    /// Where the entity is and, if wanted, how it is now.
    pub(super) async fn reply(
        &self,
        request: Request<'_>,
        node: Node,
        write: &Write,
    ) -> Result<Answer> {
        let path = address(node);
        let is_new = write.method == Method::Post;
        let kind = if is_new { Kind::Created } else { Kind::Ok };
        let location = is_new.then(|| format!("{}/{path}", request.base));
        let is_brief = match write.reply {
            Reply::Minimal => true,
            Reply::Full => false,
            Reply::Usual => is_new && node.0 == EntityKind::Observation,
        };
        if is_brief {
            return Ok(Answer { location, ..nothing(kind) });
        }
        let shown = self.read(&Request { path: &path, query: None, ..request }).await?;
        Ok(Answer { kind, location, ..shown })
    }

    /// The entity itself, as it is in the catalogue.
    pub(super) fn entity(&self, node: Node) -> Result<Option<quartier_model::Entity>> {
        Ok(links::entity(&*self.catalogue()?, node))
    }
}

/// `Things(1)`.
pub(super) fn address((kind, id): Node) -> String {
    format!("{}({id})", set_name(kind))
}
