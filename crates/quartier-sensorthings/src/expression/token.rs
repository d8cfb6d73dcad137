use super::{
    ExpressionError, LENGTH_MAX, Literal,
    error::shown,
    span::parse_span,
    temporal::{lost_plus, parse_temporal},
    wkt::parse_wkt,
};

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token<'a> {
    /// A keyword, or a path with all its segments.
    Word(&'a str),
    Literal(Literal),
    Open,
    Close,
    Comma,
    Colon,
    Minus,
    End,
}

/// Reads one token after another.
pub(super) struct Tokens<'a> {
    text: &'a str,
    rest: &'a str,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a str) -> Result<Self, ExpressionError> {
        if text.len() > LENGTH_MAX {
            let reason = format!("the text is longer than {LENGTH_MAX} bytes");
            return Err(ExpressionError { at: 1, reason });
        }
        Ok(Self { text, rest: text })
    }

    /// Where the next token starts, as an error says it.
    pub(super) fn place(&mut self) -> usize {
        self.rest = self.rest.trim_start();
        self.text.len() - self.rest.len()
    }

    pub(super) fn error(&self, place: usize, reason: String) -> ExpressionError {
        let before = self.text.get(..place).unwrap_or(self.text);
        ExpressionError { at: before.chars().count() + 1, reason }
    }

    pub(super) fn next(&mut self) -> Result<Token<'a>, ExpressionError> {
        let place = self.place();
        self.read().map_err(|reason| self.error(place, reason))
    }

    fn read(&mut self) -> Result<Token<'a>, String> {
        let Some(first) = self.rest.chars().next() else { return Ok(Token::End) };
        let sign = match first {
            '(' => Token::Open,
            ')' => Token::Close,
            ',' => Token::Comma,
            ':' => Token::Colon,
            '-' if !self.is_negative_number() => Token::Minus,
            '\'' => return self.quoted().map(|text| Token::Literal(Literal::Text(text))),
            '-' | '0'..='9' => return self.number().map(Token::Literal),
            _ if starts_word(first) => return self.word(),
            _ => return Err(format!("`{first}` is not understood")),
        };
        self.take(1);
        Ok(sign)
    }

    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(bytes);
        self.rest = rest;
        taken
    }

    fn take_while(&mut self, keep: impl FnMut(char) -> bool) -> &'a str {
        let mut keep = keep;
        let end = self.rest.find(|it| !keep(it)).unwrap_or(self.rest.len());
        self.take(end)
    }

    fn is_negative_number(&self) -> bool {
        self.rest.chars().nth(1).is_some_and(|second| second.is_ascii_digit())
    }

    /// The text between two quotes; a quote in it stands there twice.
    fn quoted(&mut self) -> Result<String, String> {
        let mut text = String::new();
        self.take(1);
        loop {
            text.push_str(self.take_while(|it| it != '\''));
            match (self.rest.starts_with("''"), self.rest.is_empty()) {
                (_, true) => return Err("the closing quote is missing".to_owned()),
                (true, _) => text.push('\''),
                (false, _) => {
                    self.take(1);
                    return Ok(text);
                }
            }
            self.take(2);
        }
    }

    fn number(&mut self) -> Result<Literal, String> {
        let is_part = |it: char| it.is_ascii_alphanumeric() || "+-.:/".contains(it);
        let text = self.take_while(is_part);
        let Some(zone) = lost_plus(text, self.rest) else { return parse_number(text) };
        let zone = self.take(zone).trim();
        let interval_end = self.take_while(is_part);
        let whole = format!("{text}+{zone}{interval_end}");
        let Some(zone) = lost_plus(&whole, self.rest) else { return parse_number(&whole) };
        let zone = self.take(zone).trim();
        parse_number(&format!("{whole}+{zone}"))
    }

    fn word(&mut self) -> Result<Token<'a>, String> {
        let mut is_below = false;
        let word = self.take_while(|it| {
            let goes_on = continues_word(it) || (is_below && (it == '-' || it == ':'));
            is_below |= it == '/';
            goes_on
        });
        if !self.rest.starts_with('\'') {
            return Ok(Token::Word(word));
        }
        let text = self.quoted()?;
        let literal = if word.eq_ignore_ascii_case("duration") {
            Literal::Duration(parse_span(&text)?)
        } else if ["geography", "geometry"].iter().any(|it| word.eq_ignore_ascii_case(it)) {
            Literal::Geometry(Box::new(parse_wkt(&text)?))
        } else {
            let known = "duration'…', geography'…' and geometry'…'";
            return Err(format!("`{}'…'` is not known; known are {known}", shown(word)));
        };
        Ok(Token::Literal(literal))
    }
}

fn starts_word(first: char) -> bool {
    first.is_alphabetic() || "_@$".contains(first)
}

fn continues_word(it: char) -> bool {
    it.is_alphanumeric() || "_@$./[]".contains(it)
}

fn parse_number(text: &str) -> Result<Literal, String> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.bytes().all(|byte| byte.is_ascii_digit())
        && let Ok(integer) = text.parse()
    {
        return Ok(Literal::Integer(integer));
    }
    let is_number = digits.bytes().all(|byte| b"0123456789.eE+-".contains(&byte));
    match text.parse::<f64>() {
        Ok(number) if is_number && number.is_finite() => Ok(Literal::Number(number)),
        Ok(_) if is_number => Err(format!("`{}` is too large a number", shown(text))),
        _ => parse_temporal(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn literal(text: &str) -> Literal {
        let mut tokens = Tokens::new(text).unwrap();
        let Token::Literal(literal) = tokens.next().unwrap() else { panic!("{text}") };
        assert_eq!(tokens.next().unwrap(), Token::End, "{text}");
        literal
    }

    #[test]
    fn numbers_are_whole_or_not() {
        assert_eq!(literal("-12"), Literal::Integer(-12));
        assert_eq!(literal("-9223372036854775808"), Literal::Integer(i64::MIN));
        assert_eq!(literal("9223372036854775808"), Literal::Number(9_223_372_036_854_775_808.0));
        assert_eq!(literal("1.5e-3"), Literal::Number(0.0015));
        assert_eq!(literal("5."), Literal::Number(5.0));
    }

    #[test]
    fn a_quote_in_a_text_stands_there_twice() {
        assert_eq!(literal("'it''s'"), Literal::Text("it's".to_owned()));
        assert_eq!(literal("''''"), Literal::Text("'".to_owned()));
        assert!(Tokens::new("'open").unwrap().next().is_err());
    }

    #[test]
    fn a_plus_that_the_query_string_made_a_space_is_found_again() {
        assert_eq!(literal("2026-01-01T00:00:00 02:00"), literal("2026-01-01T00:00:00+02:00"));
        assert_eq!(
            literal("2026-01-01T00:00:00 02:00/2026-02-01T00:00:00 01:00"),
            literal("2026-01-01T00:00:00+02:00/2026-02-01T00:00:00+01:00")
        );
        assert_eq!(
            literal("2026-01-01T00:00:00Z/2026-02-01T00:00:00 01:00"),
            literal("2026-01-01T00:00:00Z/2026-02-01T00:00:00+01:00")
        );
    }

    #[test]
    fn a_key_below_a_property_may_have_a_hyphen_or_a_colon() {
        let mut tokens = Tokens::new("properties/dct:last-change").unwrap();
        assert_eq!(tokens.next().unwrap(), Token::Word("properties/dct:last-change"));
        let mut tokens = Tokens::new("d:d/name").unwrap();
        assert_eq!(tokens.next().unwrap(), Token::Word("d"));
        assert_eq!(tokens.next().unwrap(), Token::Colon);
    }

    #[test]
    fn an_error_says_where() {
        let error = Tokens::new("   ~").unwrap().next().unwrap_err();
        assert_eq!(error.to_string(), "at character 4: `~` is not understood");
    }
}
