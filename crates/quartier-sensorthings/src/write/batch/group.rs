use quartier_model::{EntityId, EntityKind};
use quartier_store::SensorReceipt;
use serde_json::Value;

use super::super::{
    Method,
    change::address,
    create::Made,
    links::Node,
    members::Members,
    nothing,
    perform::{Act, Done},
    references::References,
    target,
    transaction::Known,
    update::Change,
    work::Work,
};
use super::{
    Run,
    answers::{Status, answered, refused},
    parse::{Asked, Verb},
};
use crate::{Answer, Error, Kind, Request, Result};

/// The request at this place of its group is the one to blame.
struct Blamed(usize, Error);

impl Run<'_> {
    /// The requests of one group, in one transaction.
    pub(super) async fn atomic(&mut self, group: Vec<Asked>) -> Vec<Value> {
        let unmet = group.iter().find_map(|asked| self.unmet(asked).map(str::to_owned));
        if let Some(id) = unmet {
            self.note_failure(&group);
            return refuse_all(&group, |_| Status::dependency(&id));
        }
        match self.transact(&group).await {
            Ok(done) => self.answer_all(&group, done).await,
            Err(Blamed(place, error)) => {
                self.note_failure(&group);
                let blamed = group.get(place).map_or_else(String::new, |it| it.id.clone());
                let status = Status::of(error);
                let mut status = Some(status);
                refuse_all(&group, |at| match status.take_if(|_| at == place) {
                    Some(own) => own,
                    None => Status::dependency(&blamed),
                })
            }
        }
    }

    fn note_failure(&mut self, group: &[Asked]) {
        self.failed.extend(group.iter().map(|asked| asked.id.clone()));
        self.failed.extend(group.first().and_then(|asked| asked.group.clone()));
    }

    async fn transact(&mut self, group: &[Asked]) -> Result<(SensorReceipt, Vec<Done>), Blamed> {
        let known = self.known(group).await.map_err(|error| Blamed(0, error))?;
        let mut references = self.references.clone();
        let urls: Vec<&str> = group.iter().map(|asked| self.relative(&asked.url)).collect();
        let mut at = 0;
        let changed = self
            .service
            .transact(&known, |work| {
                let mut all = Vec::with_capacity(group.len());
                for (place, (asked, url)) in group.iter().zip(urls).enumerate() {
                    at = place;
                    let done = perform(work, asked, url, &references)?;
                    references.add_made(&asked.id, done);
                    all.push(done);
                }
                Ok(all)
            })
            .await;
        let done = changed.map_err(|error| Blamed(at, error))?;
        self.references = references;
        Ok(done)
    }

    async fn known(&self, group: &[Asked]) -> Result<Known> {
        let mut ids = Vec::new();
        for asked in group {
            // An address that refers to a request before it names no observation; a wrong one is refused in its turn.
            let path = target::entities(self.relative(&asked.url));
            ids.extend(path.iter().flat_map(target::named_observations));
        }
        self.service.observations_named(ids).await
    }

    async fn answer_all(
        &mut self,
        group: &[Asked],
        (receipt, done): (SensorReceipt, Vec<Done>),
    ) -> Vec<Value> {
        let mut responses = Vec::with_capacity(group.len());
        for (asked, done) in group.iter().zip(done) {
            let answer = match done {
                Done::Deleted => nothing(Kind::Ok),
                Done::Changed(node) => self.shown(node, Kind::Ok).await,
                Done::Made(Made::Entity(node)) => self.shown(node, Kind::Created).await,
                Done::Made(Made::Observation(place)) => {
                    let id = receipt.observations.get(place).map_or(EntityId(0), |it| it.id);
                    let node = (EntityKind::Observation, id);
                    self.references.add(&asked.id, node);
                    self.located(node)
                }
            };
            responses.push(answered(&asked.id, &answer));
        }
        responses
    }

    fn located(&self, node: Node) -> Answer {
        let location = Some(format!("{}/{}", self.base.base, address(node)));
        Answer { location, ..nothing(Kind::Created) }
    }

    /// The entity as it is now. What is done is done: an answer that cannot be had is left out.
    async fn shown(&self, node: Node, kind: Kind) -> Answer {
        let path = address(node);
        let request = Request { path: &path, query: None, ..self.base };
        let shown = self.service.read(&request).await.unwrap_or_else(|_gone| nothing(kind));
        let location = (kind == Kind::Created).then(|| format!("{}/{path}", self.base.base));
        Answer { kind, location, ..shown }
    }
}

fn perform(work: &mut Work<'_>, asked: &Asked, url: &str, references: &References) -> Result<Done> {
    let url = references.in_address(url)?;
    let path = target::entities(&url)?;
    let body = || {
        let mut body = asked.body.clone();
        references.in_body(&mut body)?;
        Members::of(String::new(), body)
    };
    let act = match asked.verb {
        Verb::Write(Method::Post) => Act::Create(body()?),
        Verb::Write(Method::Patch) => Act::Update(body()?, Change::Merge),
        Verb::Write(Method::Put) => Act::Update(body()?, Change::Replace),
        Verb::Write(Method::Delete) => Act::Delete,
        Verb::Write(Method::JsonPatch) | Verb::Read => {
            return Err(Error::bad(
                "an atomicityGroup has post, patch, put and delete of entities only: take this request out of it",
            ));
        }
    };
    work.perform(&path, act)
}

fn refuse_all(group: &[Asked], mut status: impl FnMut(usize) -> Status) -> Vec<Value> {
    let refused = |(place, asked): (usize, &Asked)| refused(&asked.id, &status(place));
    group.iter().enumerate().map(refused).collect()
}
