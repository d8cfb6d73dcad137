use std::{fmt, sync::Arc};

use super::limits::{TOPIC_BYTES, TOPIC_LEVELS};

/// A topic filter of a subscription: levels between `/`, `+` for any one level, a last `#` for all that follow.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TopicFilter(Arc<str>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TopicError {
    #[error("a topic is not empty and has at most {TOPIC_BYTES} bytes")]
    Length,
    #[error("a topic has at most {TOPIC_LEVELS} levels")]
    Depth,
    #[error("`+` and `#` stand alone in their level, and `#` in the last one")]
    Wildcard,
    #[error("a topic that is published to has no wildcards")]
    WildcardInName,
    #[error("a topic has no null character")]
    Null,
    #[error("shared subscriptions are not supported")]
    Shared,
}

impl TopicFilter {
    pub fn parse(text: &str) -> Result<Self, TopicError> {
        measure(text)?;
        if text.starts_with("$share/") {
            return Err(TopicError::Shared);
        }
        let mut levels = text.split('/').peekable();
        while let Some(level) = levels.next() {
            let last = levels.peek().is_none();
            match level {
                "#" if !last => return Err(TopicError::Wildcard),
                "#" | "+" => {}
                _ if level.contains(['+', '#']) => return Err(TopicError::Wildcard),
                _ => {}
            }
        }
        Ok(Self(text.into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn levels(&self) -> impl Iterator<Item = &str> {
        self.0.split('/')
    }

    pub fn has_wildcard(&self) -> bool {
        self.levels().any(|level| matches!(level, "+" | "#"))
    }

    /// Whether a topic belongs to the filter. A topic that begins with `$` is not matched by a leading wildcard.
    pub fn matches(&self, topic: &str) -> bool {
        if topic.starts_with('$') && self.0.starts_with(['+', '#']) {
            return false;
        }
        let mut topic = topic.split('/');
        for wanted in self.levels() {
            match (wanted, topic.next()) {
                ("#", _) => return true,
                ("+", Some(_)) => {}
                (wanted, Some(level)) if wanted == level => {}
                _ => return false,
            }
        }
        topic.next().is_none()
    }
}

impl fmt::Debug for TopicFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for TopicFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Checks a topic that is published to.
pub(super) fn topic_name(text: &str) -> Result<(), TopicError> {
    measure(text)?;
    if text.contains(['+', '#']) { Err(TopicError::WildcardInName) } else { Ok(()) }
}

fn measure(text: &str) -> Result<(), TopicError> {
    if text.is_empty() || text.len() > TOPIC_BYTES {
        Err(TopicError::Length)
    } else if text.contains('\0') {
        Err(TopicError::Null)
    } else if text.split('/').count() > TOPIC_LEVELS {
        Err(TopicError::Depth)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(filter: &str, topic: &str) -> bool {
        TopicFilter::parse(filter).unwrap().matches(topic)
    }

    #[test]
    fn the_standards_own_examples_of_filters_hold() {
        for topic in [
            "sport/tennis/player1",
            "sport/tennis/player1/ranking",
            "sport/tennis/player1/score/wimbledon",
        ] {
            assert!(matches("sport/tennis/player1/#", topic));
        }
        assert!(matches("sport/#", "sport"));
        assert!(matches("#", "sport/tennis"));
        assert!(matches("sport/tennis/+", "sport/tennis/player1"));
        assert!(!matches("sport/tennis/+", "sport/tennis/player1/ranking"));
        assert!(!matches("sport/+", "sport"));
        assert!(matches("sport/+", "sport/"));
        assert!(matches("+/+", "/finance"));
        assert!(matches("/+", "/finance"));
        assert!(!matches("+", "/finance"));
    }

    #[test]
    fn leading_wildcards_do_not_see_the_servers_own_topics() {
        assert!(!matches("#", "$SYS/uptime"));
        assert!(!matches("+/uptime", "$SYS/uptime"));
        assert!(matches("$SYS/#", "$SYS/uptime"));
        assert!(matches("v1.1/Things(1)?$select=name", "v1.1/Things(1)?$select=name"));
    }

    #[test]
    fn what_is_no_filter_is_refused_with_its_reason() {
        let cases = [
            ("", TopicError::Length),
            ("a/#/b", TopicError::Wildcard),
            ("a#", TopicError::Wildcard),
            ("a/b+", TopicError::Wildcard),
            ("a\0", TopicError::Null),
            ("$share/group/a", TopicError::Shared),
        ];
        for (text, error) in cases {
            assert_eq!(TopicFilter::parse(text), Err(error), "{text}");
        }
        assert_eq!(TopicFilter::parse(&"/".repeat(TOPIC_LEVELS)), Err(TopicError::Depth));
        assert_eq!(TopicFilter::parse(&"a".repeat(TOPIC_BYTES + 1)), Err(TopicError::Length));
        assert_eq!(topic_name("a/+"), Err(TopicError::WildcardInName));
    }
}
