//! `$batch`: several requests in one, in JSON (18-088, 12, and `OData` JSON Format 4.01, 19).

mod answers;
mod group;
mod parse;

use serde_json::{Value, json};

use self::{
    answers::{Status, answered, refused},
    parse::{Asked, Verb},
};
use super::{Method, Reply, Write, references::References};
use crate::{Answer, Error, JSON, Request, Result, Service};

impl Service {
    /// Runs the requests in their order; those of one group succeed or fail together.
    pub(super) async fn batch(&self, request: Request<'_>, body: &[u8]) -> Result<Answer> {
        let requests = parse::requests(body)?;
        let mut run = Run {
            service: self,
            base: request,
            references: References::default(),
            failed: Vec::new(),
        };
        let mut responses = Vec::with_capacity(requests.len());
        for group in parse::grouped(requests) {
            responses.extend(run.group(group).await);
        }
        let document = json!({ "responses": responses });
        Ok(Answer::ok(JSON, document.to_string()))
    }
}

/// A batch as it goes on.
struct Run<'a> {
    service: &'a Service,
    base: Request<'a>,
    references: References,
    /// Requests and groups, by their ids.
    failed: Vec<String>,
}

impl Run<'_> {
    async fn group(&mut self, group: Vec<Asked>) -> Vec<Value> {
        let is_atomic = group.first().is_some_and(|asked| asked.group.is_some());
        if is_atomic {
            return self.atomic(group).await;
        }
        let mut responses = Vec::with_capacity(group.len());
        for asked in group {
            responses.push(self.single(asked).await);
        }
        responses
    }

    async fn single(&mut self, asked: Asked) -> Value {
        let answer = match self.unmet(&asked) {
            Some(id) => Err(Status::dependency(id)),
            None => self.answer(&asked).await.map_err(Status::of),
        };
        match answer {
            Ok(answer) => {
                if let Some(node) = answer.location.as_deref().and_then(answers::node) {
                    self.references.add(&asked.id, node);
                }
                answered(&asked.id, &answer)
            }
            Err(status) => {
                self.failed.push(asked.id.clone());
                refused(&asked.id, &status)
            }
        }
    }

    /// The request or group that failed and that this one depends on.
    fn unmet<'a>(&self, asked: &'a Asked) -> Option<&'a str> {
        asked.depends_on.iter().map(String::as_str).find(|id| self.failed.iter().any(|it| it == id))
    }

    async fn answer(&self, asked: &Asked) -> Result<Answer> {
        let url = self.references.in_address(self.relative(&asked.url))?;
        let (path, query) = match url.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (url.as_str(), None),
        };
        let request = Request { path, query, ..self.base };
        let method = match asked.verb {
            Verb::Read => return self.service.read(&request).await,
            Verb::Write(method) => method,
        };
        if path.trim_matches('/') == "$batch" {
            return Err(Error::bad("a batch holds no other batch"));
        }
        let mut body = asked.body.clone();
        self.references.in_body(&mut body)?;
        let body = if method == Method::Delete { String::new() } else { body.to_string() };
        // A batch in a batch is refused above: this goes one level down and no further.
        let write = Write { method, body: body.into(), reply: Reply::Usual };
        Box::pin(self.service.write(request, write)).await
    }

    /// The address below the service, where the client wrote all of it.
    fn relative<'u>(&self, url: &'u str) -> &'u str {
        let below = url.strip_prefix(self.base.base).unwrap_or(url);
        below.strip_prefix('/').unwrap_or(below)
    }
}
