use time::{OffsetDateTime, macros::datetime};

use super::{
    Value,
    join::Scopes,
    node::{Node, Place},
    run::Scope,
    spatial::Prepared,
};
use crate::{
    expression::{Expr, Function, Literal},
    path::Property,
};

const MIN_DATE_TIME: OffsetDateTime = datetime!(0000-01-01 0:00 UTC);
const MAX_DATE_TIME: OffsetDateTime = datetime!(9999-12-31 23:59:59.999_999 UTC);

/// Makes an expression ready, within the scopes to which its paths are joined already.
pub(super) fn compile(expr: &Expr, scopes: &mut Scopes, now: OffsetDateTime) -> Node {
    let node = match expr {
        Expr::Literal(literal) => Node::Constant(constant(literal)),
        Expr::Path(path) => Node::Path(scopes.reach(path)),
        Expr::And(list) => Node::And(compile_list(list, scopes, now)),
        Expr::Or(list) => Node::Or(compile_list(list, scopes, now)),
        Expr::Not(inner) => Node::Not(Box::new(compile(inner, scopes, now))),
        Expr::Negative(inner) => Node::Negative(Box::new(compile(inner, scopes, now))),
        Expr::Compare { comparison, left, right } => {
            let (left, right) = comparable(left, right, scopes, now);
            Node::Compare { comparison: *comparison, left: Box::new(left), right: Box::new(right) }
        }
        Expr::Math { operator, left, right } => Node::Math {
            operator: *operator,
            left: Box::new(compile(left, scopes, now)),
            right: Box::new(compile(right, scopes, now)),
        },
        Expr::In { value, list } => Node::In {
            list: list.iter().map(|item| comparable(value, item, scopes, now).1).collect(),
            value: Box::new(compile(value, scopes, now)),
        },
        Expr::Within { value, array } => Node::Within {
            value: Box::new(compile(value, scopes, now)),
            array: scopes.reach(array),
        },
        Expr::Call { function, arguments } => call(*function, arguments, scopes, now),
        Expr::Any { base, links, condition } => scopes.any(*base, links, condition, now),
    };
    folded(node)
}

fn compile_list(list: &[Expr], scopes: &mut Scopes, now: OffsetDateTime) -> Vec<Node> {
    list.iter().map(|item| compile(item, scopes, now)).collect()
}

/// Two sides of a comparison. Clients of servers whose ids are texts write `id eq '5'`: an id is meant.
fn comparable(left: &Expr, right: &Expr, scopes: &mut Scopes, now: OffsetDateTime) -> (Node, Node) {
    let mut side = |side: &Expr, other: &Expr| match (side, other) {
        (Expr::Literal(Literal::Text(text)), Expr::Path(path)) if path.property == Property::Id => {
            let id = text.parse().map(Value::Integer);
            Node::Constant(id.unwrap_or_else(|_no_number| constant_text(text)))
        }
        _ => compile(side, scopes, now),
    };
    (side(left, right), side(right, left))
}

fn call(function: Function, arguments: &[Expr], scopes: &mut Scopes, now: OffsetDateTime) -> Node {
    let place = |at: usize| arguments.get(at).map_or(Place::Nothing, |it| place(it, scopes));
    match function {
        Function::Now => Node::Constant(Value::Instant(now)),
        Function::MinDateTime => Node::Constant(Value::Instant(MIN_DATE_TIME)),
        Function::MaxDateTime => Node::Constant(Value::Instant(MAX_DATE_TIME)),
        Function::GeoLength => Node::Length(place(0)),
        _ if function.geometries() == 2 => Node::Spatial {
            function,
            left: place(0),
            right: place(1),
            pattern: arguments.get(2).map(|pattern| Box::new(compile(pattern, scopes, now))),
        },
        _ => Node::Call { function, arguments: compile_list(arguments, scopes, now) },
    }
}

fn place(argument: &Expr, scopes: &Scopes) -> Place {
    match argument {
        Expr::Path(path) => Place::Path(scopes.reach(path)),
        Expr::Literal(Literal::Geometry(geometry)) => {
            Place::Ready(Box::new(Prepared::new(geometry.plane().clone())))
        }
        _ => Place::Nothing,
    }
}

fn constant(literal: &Literal) -> Value<'static> {
    match literal {
        Literal::Bool(value) => Value::Bool(*value),
        Literal::Integer(value) => Value::Integer(*value),
        Literal::Number(value) => Value::Number(*value),
        Literal::Text(text) => constant_text(text),
        Literal::Instant(at) => Value::Instant(*at),
        Literal::Interval(period) => Value::Interval(*period),
        Literal::Date(date) => Value::Date(*date),
        Literal::Time(time) => Value::Time(*time),
        Literal::Duration(span) => Value::Duration(*span),
        // A geometry says nothing but to a spatial function.
        Literal::Null | Literal::Geometry(_) => Value::Null,
    }
}

fn constant_text(text: &str) -> Value<'static> {
    Value::Text(text.to_owned().into())
}

/// What hangs on no entity is computed now.
fn folded(node: Node) -> Node {
    let is_open = matches!(node, Node::Constant(_) | Node::Exists(_))
        || !node.reaches().is_empty()
        || node.children().iter().any(|child| !matches!(child, Node::Constant(_)));
    if is_open {
        return node;
    }
    let value = node.value(&Scope::NOTHING, &mut None).into_owned();
    Node::Constant(value)
}
