use std::fmt::{Display, Formatter, Result};

use super::{
    Base, Expr, Literal, ValuePath,
    parse::binding,
    temporal::{date_text, instant_text, time_text},
    wkt_print::print_wkt,
};
use crate::path::Navigation;

impl Display for Expr {
    /// Text that reads as the same expression.
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        Printer { formatter, depth: 0 }.expr(self)
    }
}

impl Display for Literal {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        match self {
            Self::Null => formatter.write_str("null"),
            Self::Bool(value) => write!(formatter, "{value}"),
            Self::Integer(value) => write!(formatter, "{value}"),
            Self::Number(value) => write!(formatter, "{value:?}"),
            Self::Text(text) => write!(formatter, "'{}'", text.replace('\'', "''")),
            Self::Instant(at) => formatter.write_str(&instant_text(*at)),
            Self::Interval(period) => {
                let (start, end) = (instant_text(period.start()), instant_text(period.end()));
                write!(formatter, "{start}/{end}")
            }
            Self::Date(date) => formatter.write_str(&date_text(*date)),
            Self::Time(time) => formatter.write_str(&time_text(*time)),
            Self::Duration(span) => write!(formatter, "duration'{span}'"),
            Self::Geometry(geometry) => {
                formatter.write_str("geography'")?;
                print_wkt(geometry, formatter)?;
                formatter.write_str("'")
            }
        }
    }
}

impl Display for ValuePath {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        print_links(self.base, &self.links, formatter)?;
        write!(formatter, "{}", self.property)?;
        self.keys.iter().try_for_each(|key| write!(formatter, "{key}"))
    }
}

fn print_links(base: Base, links: &[Navigation], formatter: &mut Formatter<'_>) -> Result {
    if let Base::Variable(number) = base {
        write!(formatter, "v{number}/")?;
    }
    links.iter().try_for_each(|link| write!(formatter, "{link}/"))
}

struct Printer<'a, 'f> {
    formatter: &'a mut Formatter<'f>,
    /// How many `any` are around.
    depth: usize,
}

impl Printer<'_, '_> {
    fn expr(&mut self, expr: &Expr) -> Result {
        match expr {
            Expr::Literal(literal) => write!(self.formatter, "{literal}"),
            Expr::Path(path) => write!(self.formatter, "{path}"),
            Expr::And(list) => self.list(list, " and ", binding::AND),
            Expr::Or(list) => self.list(list, " or ", binding::OR),
            Expr::Not(inner) => {
                self.text("not ")?;
                self.bound(inner, binding::UNARY)
            }
            Expr::Negative(inner) => self.negative(inner),
            Expr::Compare { comparison, left, right } => {
                self.infix(left, comparison.name(), right, comparison.binds())
            }
            Expr::Math { operator, left, right } => {
                self.infix(left, operator.name(), right, operator.binds())
            }
            Expr::In { value, list } => {
                self.bound(value, binding::EQUALITY)?;
                self.text(" in ")?;
                self.call("", list)
            }
            Expr::Within { value, array } => {
                self.bound(value, binding::EQUALITY)?;
                write!(self.formatter, " in {array}")
            }
            Expr::Call { function, arguments } => self.call(function.name(), arguments),
            Expr::Any { base, links, condition } => {
                print_links(*base, links, self.formatter)?;
                write!(self.formatter, "any(v{}: ", self.depth)?;
                Printer { formatter: &mut *self.formatter, depth: self.depth + 1 }
                    .expr(condition)?;
                self.text(")")
            }
        }
    }

    fn text(&mut self, text: &str) -> Result {
        self.formatter.write_str(text)
    }

    /// In parentheses where it binds looser than what stands around it.
    fn bound(&mut self, expr: &Expr, tightness: u8) -> Result {
        if binds(expr) >= tightness { self.expr(expr) } else { self.parenthesised(expr) }
    }

    fn parenthesised(&mut self, expr: &Expr) -> Result {
        self.text("(")?;
        self.expr(expr)?;
        self.text(")")
    }

    fn infix(&mut self, left: &Expr, name: &str, right: &Expr, binds: u8) -> Result {
        self.bound(left, binds)?;
        write!(self.formatter, " {name} ")?;
        self.bound(right, binds + 1)
    }

    /// A minus before a number would become part of it.
    fn negative(&mut self, inner: &Expr) -> Result {
        self.text("-")?;
        match inner {
            Expr::Literal(_) => self.parenthesised(inner),
            _ => self.bound(inner, binding::UNARY),
        }
    }

    fn list(&mut self, list: &[Expr], between: &str, binds: u8) -> Result {
        for (at, item) in list.iter().enumerate() {
            self.text(if at == 0 { "" } else { between })?;
            self.bound(item, binds + 1)?;
        }
        Ok(())
    }

    fn call(&mut self, name: &str, arguments: &[Expr]) -> Result {
        write!(self.formatter, "{name}(")?;
        for (at, argument) in arguments.iter().enumerate() {
            self.text(if at == 0 { "" } else { ", " })?;
            self.expr(argument)?;
        }
        self.text(")")
    }
}

fn binds(expr: &Expr) -> u8 {
    match expr {
        Expr::Or(_) => binding::OR,
        Expr::And(_) => binding::AND,
        Expr::Compare { comparison, .. } => comparison.binds(),
        Expr::Math { operator, .. } => operator.binds(),
        Expr::In { .. } | Expr::Within { .. } => binding::EQUALITY,
        Expr::Not(_) | Expr::Negative(_) => binding::UNARY,
        Expr::Literal(_) | Expr::Path(_) | Expr::Call { .. } | Expr::Any { .. } => binding::PRIMARY,
    }
}
