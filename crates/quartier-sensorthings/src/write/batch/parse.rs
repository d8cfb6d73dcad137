use serde_json::Value;

use super::super::{
    Method,
    members::{Members, json},
};
use crate::{Error, Result};

/// Requests in one batch: each is as dear as if it came alone.
const REQUESTS_MAX: usize = 1_000;

#[derive(Debug)]
pub(super) struct Asked {
    pub(super) id: String,
    pub(super) verb: Verb,
    pub(super) url: String,
    pub(super) group: Option<String>,
    pub(super) depends_on: Vec<String>,
    pub(super) body: Value,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    Read,
    Write(Method),
}

pub(super) fn requests(body: &[u8]) -> Result<Vec<Asked>> {
    let mut body = Members::of(String::new(), json(body)?)?;
    let list = body.list("requests")?.ok_or_else(|| body.missing("requests"))?;
    if list.len() > REQUESTS_MAX {
        return Err(Error::bad(format!(
            "a batch has at most {REQUESTS_MAX} requests: send them in parts"
        )));
    }
    let read = list
        .into_iter()
        .enumerate()
        .map(|(place, request)| asked(Members::of(format!("requests[{place}]"), request)?));
    let requests: Vec<Asked> = read.collect::<Result<_>>()?;
    let mut ids: Vec<_> = requests.iter().map(|it| it.id.as_str()).collect();
    ids.sort_unstable();
    match ids.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => {
            Err(Error::bad(format!("two requests of the batch have the id `{}`", pair[0])))
        }
        None => Ok(requests),
    }
}

fn asked(mut body: Members) -> Result<Asked> {
    let headers = body.optional_object("headers", None)?.unwrap_or_default();
    let content_type = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let is_patch =
        content_type.is_some_and(|(_, it)| it.as_str() == Some("application/json-patch+json"));
    let method = body.text("method", None)?.to_ascii_lowercase();
    let verb = match method.as_str() {
        "get" => Verb::Read,
        "post" => Verb::Write(Method::Post),
        "patch" if is_patch => Verb::Write(Method::JsonPatch),
        "patch" => Verb::Write(Method::Patch),
        "put" => Verb::Write(Method::Put),
        "delete" => Verb::Write(Method::Delete),
        _ => {
            let name = body.name("method");
            return Err(Error::bad(format!("`{name}` is one of get, post, patch, put, delete")));
        }
    };
    let group = match body.take("atomicityGroup") {
        None | Some(Value::Null) => None,
        Some(group) => Some(word(&body, "atomicityGroup", group)?),
    };
    let depends_on = body.list("dependsOn")?.unwrap_or_default();
    let depends_on = depends_on.into_iter().map(|it| word(&body, "dependsOn", it));
    let depends_on = depends_on.collect::<Result<_>>()?;
    let id = body.take("id").ok_or_else(|| body.missing("id"))?;
    let asked = Asked {
        id: word(&body, "id", id)?,
        verb,
        url: body.text("url", None)?,
        group,
        depends_on,
        body: body.take("body").unwrap_or_default(),
    };
    body.finish()?;
    Ok(asked)
}

/// Ids are texts; numbers are understood.
fn word(body: &Members, member: &str, value: Value) -> Result<String> {
    match value {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        _ => Err(Error::bad(format!("`{}` is to be a text", body.name(member)))),
    }
}

/// Neighbours of one group together, and those without one each alone.
pub(super) fn grouped(requests: Vec<Asked>) -> Vec<Vec<Asked>> {
    let mut groups: Vec<Vec<Asked>> = Vec::new();
    for asked in requests {
        let open = groups.last_mut().filter(|group| {
            asked.group.is_some() && group.last().is_some_and(|it| it.group == asked.group)
        });
        match open {
            Some(group) => group.push(asked),
            None => groups.push(vec![asked]),
        }
    }
    groups
}
