use super::{Expr, Function, Literal, Reach};
use crate::path::Cardinality;

/// Whether the expression can be true, so that `$filter=name` is told, and not answered with nothing.
pub(super) fn check_condition(expr: &Expr) -> Result<(), String> {
    let can_be = match expr {
        Expr::And(_)
        | Expr::Or(_)
        | Expr::Not(_)
        | Expr::Compare { .. }
        | Expr::In { .. }
        | Expr::Within { .. }
        | Expr::Any { .. }
        | Expr::Literal(Literal::Bool(_) | Literal::Null) => true,
        Expr::Path(path) => path.property.is_json(),
        Expr::Call { function, .. } => function.is_condition(),
        Expr::Literal(_) | Expr::Math { .. } | Expr::Negative(_) => false,
    };
    if can_be {
        return Ok(());
    }
    let text = super::error::shown(&expr.to_string());
    Err(format!("`{text}` is neither true nor false: compare it, with parentheses after `not`"))
}

/// How many links to many an expression may lead over: each is tried with each.
const JOINS_MAX: usize = 12;

/// Whether an expression leads over few enough links to many; the same way counts once.
pub(super) fn check_joins(expr: &Expr) -> Result<(), String> {
    let mut ways = Vec::new();
    let mut count = 0;
    expr.visit(&mut |reach| match reach {
        Reach::Entities(_, links) => count += links.len(),
        Reach::Value(path) => {
            for (at, link) in path.links.iter().enumerate() {
                let way = (path.base, path.links.get(..=at));
                let is_new = link.cardinality == Cardinality::Many && !ways.contains(&way);
                // No list of ways needs to be longer than what is refused.
                if is_new && ways.len() <= JOINS_MAX {
                    ways.push(way);
                }
            }
        }
    });
    if count + ways.len() <= JOINS_MAX {
        return Ok(());
    }
    Err(format!("it leads over more than {JOINS_MAX} links to many: ask in several requests"))
}

/// Whether a function gets as many arguments as it takes, and geometries where it needs them.
pub(super) fn check_arguments(function: Function, arguments: &[Expr]) -> Result<(), String> {
    let (least, most) = function.arity();
    let (name, count) = (function.name(), arguments.len());
    if !(least..=most).contains(&count) {
        let takes = if least == most { least.to_string() } else { format!("{least} or {most}") };
        return Err(format!("`{name}` takes {takes} arguments, not {count}"));
    }
    let spatial = arguments.iter().take(function.geometries());
    if let Some(other) = spatial.into_iter().find(|it| !can_be_geometry(it)) {
        let other = super::error::shown(&other.to_string());
        return Err(format!(
            "`{name}` takes geometries such as geography'POINT (7 51)', not {other}"
        ));
    }
    match (function, arguments) {
        (Function::StRelate, [_, _, Expr::Literal(pattern)]) => check_pattern(pattern),
        _ => Ok(()),
    }
}

fn can_be_geometry(argument: &Expr) -> bool {
    match argument {
        Expr::Literal(literal) => matches!(literal, Literal::Geometry(_) | Literal::Null),
        Expr::Path(path) => path.property.is_json(),
        _ => false,
    }
}

fn check_pattern(pattern: &Literal) -> Result<(), String> {
    match pattern {
        Literal::Text(pattern) if is_pattern(pattern) => Ok(()),
        _ => Err("`st_relate` takes nine of the signs T, F, 0, 1, 2 and *".to_owned()),
    }
}

/// Whether the text is a pattern of the dimensionally extended nine-intersection model.
pub(crate) fn is_pattern(text: &str) -> bool {
    text.len() == 9 && text.bytes().all(|sign| b"TF012*".contains(&sign))
}
