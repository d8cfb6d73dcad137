/// A topic with names for some of its levels: `city/{device}/+/{property}/#`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Pattern(Vec<Level>);

#[derive(Debug, PartialEq, Eq)]
enum Level {
    Exact(String),
    Any,
    Captured(String),
    Rest,
}

/// What the named levels of a topic are.
pub(super) type Captures<'a> = Vec<(&'a str, &'a str)>;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    #[error("`#` stands alone in the last level")]
    Rest,
    #[error("`+` stands alone in its level")]
    Any,
    #[error("a name in braces is a whole level, like {{device}}")]
    Braces,
    #[error("a name stands twice")]
    Twice,
}

impl Pattern {
    pub(super) fn parse(text: &str) -> Result<Self, PatternError> {
        let mut levels: Vec<Level> = Vec::new();
        for level in text.split('/') {
            if levels.last() == Some(&Level::Rest) {
                return Err(PatternError::Rest);
            }
            let level = Level::parse(level)?;
            if matches!(level, Level::Captured(_)) && levels.contains(&level) {
                return Err(PatternError::Twice);
            }
            levels.push(level);
        }
        Ok(Self(levels))
    }

    pub(super) fn names(&self) -> Vec<&str> {
        let names = self.0.iter().filter_map(|level| match level {
            Level::Captured(name) => Some(name.as_str()),
            _ => None,
        });
        names.collect()
    }

    pub(super) fn captures<'a>(&'a self, topic: &'a str) -> Option<Captures<'a>> {
        let mut captures = Vec::new();
        let mut topic = topic.split('/');
        for level in &self.0 {
            match (level, topic.next()) {
                (Level::Rest, _) => return Some(captures),
                (_, None) => return None,
                (Level::Exact(wanted), Some(found)) if wanted != found => return None,
                (Level::Exact(_) | Level::Any, Some(_)) => {}
                (Level::Captured(name), Some(found)) => captures.push((name.as_str(), found)),
            }
        }
        topic.next().is_none().then_some(captures)
    }
}

impl Level {
    fn parse(text: &str) -> Result<Self, PatternError> {
        if let Some(name) = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            let plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
            return if plain {
                Ok(Self::Captured(name.to_owned()))
            } else {
                Err(PatternError::Braces)
            };
        }
        match text {
            "+" => Ok(Self::Any),
            "#" => Ok(Self::Rest),
            _ if text.contains('#') => Err(PatternError::Rest),
            _ if text.contains('+') => Err(PatternError::Any),
            _ if text.contains(['{', '}']) => Err(PatternError::Braces),
            _ => Ok(Self::Exact(text.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn named_levels_are_captured() {
        let pattern = Pattern::parse("city/{device}/+/{property}/#").unwrap();
        assert_eq!(pattern.names(), ["device", "property"]);
        let captures = pattern.captures("city/d 1/x/temp/a/b").unwrap();
        assert_eq!(captures, [("device", "d 1"), ("property", "temp")]);
        assert!(pattern.captures("city/d1/x/temp").is_some());
        assert!(pattern.captures("city/d1/x").is_none());
        assert!(pattern.captures("town/d1/x/temp").is_none());
        assert!(Pattern::parse("a/{b}").unwrap().captures("a/b/c").is_none());
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        let cases = [
            ("a/#/b", PatternError::Rest),
            ("a/b#", PatternError::Rest),
            ("a+/b", PatternError::Any),
            ("a/x{b}", PatternError::Braces),
            ("a/{}", PatternError::Braces),
            ("{a}/{a}", PatternError::Twice),
        ];
        for (text, error) in cases {
            assert_eq!(Pattern::parse(text), Err(error), "{text}");
        }
    }
}
