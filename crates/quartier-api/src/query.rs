use std::{fmt::Display, str::FromStr};

use form_urlencoded::Serializer;

use crate::{
    error::{ApiError, Result, shown},
    limits::PARAMETERS_MAX,
};

/// A query string that is used up parameter by parameter, so that what nobody took can be named.
#[derive(Debug, Clone, Default)]
pub(crate) struct Query {
    left: Vec<(String, String)>,
    known: Vec<String>,
}

impl Query {
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let left: Vec<(String, String)> = pairs(text);
        if left.len() > PARAMETERS_MAX {
            let said = format!("the query has more than {PARAMETERS_MAX} parameters");
            return Err(ApiError::BadRequest(said));
        }
        let stands_before =
            |at: usize, name: &str| left.iter().take(at).any(|(before, _)| before == name);
        let twice = left.iter().enumerate().find(|(at, (name, _))| stands_before(*at, name));
        match twice {
            Some((_, (name, _))) => Err(ApiError::parameter(shown(name), "it stands there twice")),
            None => Ok(Self { left, known: Vec::new() }),
        }
    }

    /// Whether a parameter is there that nobody took.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.left.iter().any(|(it, _)| it == name)
    }

    /// Takes a parameter's text.
    pub(crate) fn text(&mut self, name: &str) -> Option<String> {
        self.known.push(name.to_owned());
        let at = self.left.iter().position(|(it, _)| it == name)?;
        Some(self.left.swap_remove(at).1)
    }

    /// Takes a parameter as a value.
    pub(crate) fn value<T: FromStr<Err: Display>>(&mut self, name: &str) -> Result<Option<T>> {
        self.read(name, str::parse)
    }

    /// Takes a parameter as what a reader makes of it.
    pub(crate) fn read<T, E: Display>(
        &mut self,
        name: &str,
        read: impl FnOnce(&str) -> Result<T, E>,
    ) -> Result<Option<T>> {
        let Some(text) = self.text(name) else { return Ok(None) };
        read(&text).map(Some).map_err(|error| ApiError::parameter(name, error))
    }

    /// Refuses what nobody took.
    pub(crate) fn finish(&self) -> Result<()> {
        let Some((name, _)) = self.left.first() else { return Ok(()) };
        let reason = format!("it is not known here; known are: {}", self.known.join(", "));
        Err(ApiError::parameter(shown(name), reason))
    }
}

fn pairs(text: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

/// The query string with some parameters set anew (or left out with `None`), and a question mark where there are any.
pub(crate) fn with(text: &str, changes: &[(&str, Option<&str>)]) -> String {
    let mut query = Serializer::new(String::new());
    let kept = pairs(text).into_iter().filter(|(name, _)| !changes.iter().any(|it| it.0 == name));
    query.extend_pairs(kept);
    query.extend_pairs(changes.iter().filter_map(|(name, value)| value.map(|value| (name, value))));
    let query = query.finish();
    if query.is_empty() { query } else { format!("?{query}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_that_nobody_knows_is_named_with_those_that_are_known() {
        let mut query = Query::parse("limit=3&colour=red").unwrap();
        assert_eq!(query.value::<u32>("limit").unwrap(), Some(3));
        let error = query.finish().unwrap_err().to_string();
        assert_eq!(error, "parameter `colour`: it is not known here; known are: limit");
    }

    #[test]
    fn a_parameter_that_stands_there_twice_is_refused() {
        assert!(Query::parse("limit=3&limit=4").is_err());
    }

    #[test]
    fn a_link_keeps_the_other_parameters() {
        let query = with("bbox=1,2,3,4&after=x&f=html", &[("after", Some("y")), ("f", None)]);
        assert_eq!(query, "?bbox=1%2C2%2C3%2C4&after=y");
    }
}
