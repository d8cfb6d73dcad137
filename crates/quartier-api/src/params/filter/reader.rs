use quartier_sensorthings::expression::parse_wkt;

use super::{
    Literal,
    conditions::{Condition, Relation, Shape},
};
use crate::error::shown;

/// Conditions in one filter: more than any form on a page has fields.
const CONDITIONS_MAX: usize = 64;

/// Parentheses in one another around conditions.
const DEPTH_MAX: usize = 16;

const FORMS: &str = "a filter is conditions such as function = '1010' or S_INTERSECTS(geometry, BBOX(7.5,51.9,7.7,52)), with AND between";

/// Reads a filter from its first character to its last.
pub(super) struct Reader<'a> {
    rest: &'a str,
    conditions: Vec<Condition>,
}

impl<'a> Reader<'a> {
    pub(super) fn read(text: &'a str) -> Result<Vec<Condition>, String> {
        let mut reader = Self { rest: text, conditions: Vec::new() };
        reader.all_of(0)?;
        match reader.peek() {
            None => Ok(reader.conditions),
            Some(_) => Err(reader.refused()),
        }
    }

    fn all_of(&mut self, depth: usize) -> Result<(), String> {
        if depth > DEPTH_MAX {
            return Err(format!("parentheses stand deeper than {DEPTH_MAX} in one another"));
        }
        loop {
            if self.takes('(') {
                self.all_of(depth + 1)?;
                self.needs(')')?;
            } else {
                let condition = self.condition()?;
                self.conditions.push(condition);
            }
            if self.conditions.len() > CONDITIONS_MAX {
                return Err(format!("it has more than {CONDITIONS_MAX} conditions"));
            }
            if !self.takes_word("AND") {
                return Ok(());
            }
        }
    }

    fn condition(&mut self) -> Result<Condition, String> {
        for (word, relation) in
            [("S_INTERSECTS", Relation::Intersects), ("S_WITHIN", Relation::Within)]
        {
            if self.takes_call(word) {
                return self.place(relation);
            }
        }
        if let Some(literal) = self.literal()? {
            self.needs('=')?;
            let name = self.name()?;
            return Ok(Condition::Equal { name, literal });
        }
        let name = self.name()?;
        self.needs('=')?;
        let literal = self.literal()?.ok_or_else(|| self.refused())?;
        Ok(Condition::Equal { name, literal })
    }

    fn place(&mut self, relation: Relation) -> Result<Condition, String> {
        let name = self.name()?;
        if name != "geometry" {
            let name = shown(&name);
            return Err(format!("`{name}` is no geometry; an object's own is called `geometry`"));
        }
        self.needs(',')?;
        let text = self.until_closed()?;
        let shape = match text.trim().split_once('(') {
            Some((word, numbers)) if word.trim().eq_ignore_ascii_case("BBOX") => {
                Shape::Box(numbers.trim_end().trim_end_matches(')').to_owned())
            }
            _ => Shape::Geometry(parse_wkt(text)?),
        };
        Ok(Condition::Place { relation, shape })
    }

    /// What stands before the parenthesis that closes the one that was opened last; takes that too.
    fn until_closed(&mut self) -> Result<&'a str, String> {
        let mut open = 0_usize;
        for (at, character) in self.rest.char_indices() {
            match character {
                '(' => open += 1,
                ')' if open == 0 => {
                    let (text, rest) = self.rest.split_at(at);
                    self.rest = rest.strip_prefix(')').unwrap_or(rest);
                    return Ok(text);
                }
                ')' => open -= 1,
                _ => {}
            }
        }
        Err("a parenthesis is not closed".to_owned())
    }

    fn literal(&mut self) -> Result<Option<Literal>, String> {
        for (word, literal) in [("TRUE", true), ("FALSE", false)] {
            if self.takes_word(word) {
                return Ok(Some(Literal::Boolean(literal)));
            }
        }
        for word in ["DATE", "TIMESTAMP"] {
            if self.takes_call(word) {
                let text = self.quoted('\'')?.ok_or_else(|| self.refused())?;
                self.needs(')')?;
                return Ok(Some(Literal::Time(text)));
            }
        }
        if let Some(text) = self.quoted('\'')? {
            return Ok(Some(Literal::Text(text)));
        }
        self.number()
    }

    fn number(&mut self) -> Result<Option<Literal>, String> {
        if !self.peek().is_some_and(|first| first.is_ascii_digit() || "+-.".contains(first)) {
            return Ok(None);
        }
        let is_part =
            |character: char| character.is_ascii_alphanumeric() || "+-.".contains(character);
        let text = self.take_while(is_part);
        let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
        let number = number.ok_or_else(|| format!("`{}` is no number", shown(text)))?;
        Ok(Some(Literal::Number(number)))
    }

    /// A property's name; in double quotes where it has other characters than letters, digits, `_`, `.` and `:`.
    fn name(&mut self) -> Result<String, String> {
        if let Some(name) = self.quoted('"')? {
            return Ok(name);
        }
        self.skip_space();
        let name = self.take_while(|it| it.is_alphanumeric() || "_.:".contains(it));
        if name.is_empty() { Err(self.refused()) } else { Ok(name.to_owned()) }
    }

    /// A text between two marks; a mark in it stands there twice.
    fn quoted(&mut self, mark: char) -> Result<Option<String>, String> {
        if !self.takes(mark) {
            return Ok(None);
        }
        let mut text = String::new();
        loop {
            text.push_str(self.take_while(|it| it != mark));
            let Some(rest) = self.rest.strip_prefix(mark) else {
                return Err(format!("a text that begins with {mark} does not end"));
            };
            self.rest = rest;
            match self.rest.strip_prefix(mark) {
                None => return Ok(Some(text)),
                Some(rest) => {
                    text.push(mark);
                    self.rest = rest;
                }
            }
        }
    }

    fn takes_word(&mut self, word: &str) -> bool {
        self.skip_space();
        let end = self.rest.find(|it: char| !it.is_ascii_alphanumeric() && it != '_');
        let (first, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        let is_it = first.eq_ignore_ascii_case(word);
        if is_it {
            self.rest = rest;
        }
        is_it
    }

    /// A function's name with the parenthesis behind it; a property may have the same name.
    fn takes_call(&mut self, word: &str) -> bool {
        let before = self.rest;
        let is_call = self.takes_word(word) && self.takes('(');
        if !is_call {
            self.rest = before;
        }
        is_call
    }

    fn takes(&mut self, mark: char) -> bool {
        self.skip_space();
        let rest = self.rest.strip_prefix(mark);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn needs(&mut self, mark: char) -> Result<(), String> {
        if self.takes(mark) { Ok(()) } else { Err(self.refused()) }
    }

    fn take_while(&mut self, is_part: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|it| !is_part(it)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    fn peek(&mut self) -> Option<char> {
        self.skip_space();
        self.rest.chars().next()
    }

    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn refused(&self) -> String {
        match self.rest.trim_start() {
            "" => format!("it ends too early; {FORMS}"),
            rest => format!("`{}` cannot be read; {FORMS}", shown(rest)),
        }
    }
}
