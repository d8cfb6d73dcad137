use quartier_model::EntityKind;

use super::{Expand, OptionError, Options, split::split};
use crate::{
    expression::shown,
    path::{navigate, set_name},
};

/// Reads what a request expands, and counts it.
#[derive(Default)]
pub(super) struct Expander {
    pub(super) links: usize,
    pub(super) depth: usize,
}

impl Expander {
    /// Adds `Thing,Datastreams/Observations($top=1)` to what is expanded already.
    pub(super) fn read(
        &mut self,
        text: &str,
        kind: EntityKind,
        expands: &mut Vec<Expand>,
    ) -> Result<(), OptionError> {
        let items = split(text, b',').map_err(|reason| OptionError::new("$expand", reason))?;
        for item in items {
            let item = self.item(item.trim(), kind)?;
            merge(expands, item)?;
        }
        Ok(())
    }

    /// `Datastreams/Observations($top=1)`: the options belong to the last link.
    fn item(&mut self, text: &str, kind: EntityKind) -> Result<Expand, OptionError> {
        let (path, nested) = match text.split_once('(') {
            None => (text, None),
            Some((path, rest)) => {
                let nested = rest.strip_suffix(')').ok_or_else(|| {
                    OptionError::new("$expand", format!("`{}` does not end with `)`", shown(text)))
                })?;
                (path, Some(nested))
            }
        };
        self.path(path.trim(), nested, kind)
    }

    fn path(
        &mut self,
        path: &str,
        nested: Option<&str>,
        kind: EntityKind,
    ) -> Result<Expand, OptionError> {
        let (name, rest) = match path.split_once('/') {
            Some((name, rest)) => (name, Some(rest)),
            None => (path, None),
        };
        let Some(link) = navigate(kind, name.trim()) else {
            let reason = format!("`{}` is no link of {}", shown(name), set_name(kind));
            return Err(OptionError::new("$expand", reason));
        };
        self.depth += 1;
        self.count()?;
        let options = match (rest, nested) {
            (Some(rest), nested) => {
                let expand = vec![self.path(rest, nested, link.to)?];
                Options { expand, ..Options::default() }
            }
            (None, Some(nested)) => Options::parse_nested(nested, link.to, self)?,
            (None, None) => Options::default(),
        };
        self.depth -= 1;
        Ok(Expand { link, options })
    }
}

/// One link that stands there twice is expanded once, with what both ask for.
fn merge(expands: &mut Vec<Expand>, other: Expand) -> Result<(), OptionError> {
    let Some(same) = expands.iter_mut().find(|it| it.link == other.link) else {
        expands.push(other);
        return Ok(());
    };
    let (options, more) = (&mut same.options, other.options);
    for expand in more.expand {
        merge(&mut options.expand, expand)?;
    }
    for selected in more.select {
        if !options.select.contains(&selected) {
            options.select.push(selected);
        }
    }
    let has_two_orders = !options.order.is_empty() && !more.order.is_empty();
    if has_two_orders && options.order != more.order {
        return Err(disagree(&other.link, "$orderby"));
    }
    options.order.extend(if has_two_orders { Vec::new() } else { more.order });
    let same_one = [
        ("$filter", unite(&mut options.filter, more.filter)),
        ("$top", unite(&mut options.top, more.top)),
        ("$skip", unite(&mut options.skip, more.skip)),
        ("$count", unite(&mut options.count, more.count)),
    ];
    match same_one.into_iter().find(|(_, is_one)| !is_one) {
        Some((name, _)) => Err(disagree(&other.link, name)),
        None => Ok(()),
    }
}

/// Takes what is said first; false where both say something, and not the same.
fn unite<T: PartialEq>(first: &mut Option<T>, second: Option<T>) -> bool {
    match (&first, &second) {
        (_, None) => true,
        (None, Some(_)) => {
            *first = second;
            true
        }
        (Some(one), Some(other)) => one == other,
    }
}

fn disagree(link: &crate::path::Navigation, option: &str) -> OptionError {
    OptionError::new("$expand", format!("`{link}` stands there twice with different {option}"))
}
