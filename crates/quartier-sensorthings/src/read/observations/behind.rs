use quartier_model::EntityKind;

use crate::{
    expression::{Base, Expr, Reach, ValuePath},
    path::Navigation,
};

/// What a filter of other entities asks of the observations behind a link, as a filter of observations: of
/// `Datastreams/Observations/result gt 5 and name eq 'x'` it is `result gt 5`. `None` where that is nothing, or where
/// links lead to observations in more than one way.
pub(super) fn behind(filter: &Expr) -> Option<Expr> {
    let way = only_way(filter)?;
    let is_behind = |conjunct: &&Expr| {
        let mut is_behind = true;
        conjunct.visit(&mut |reach| is_behind &= leads_over(reach, way));
        is_behind
    };
    let conjuncts = filter.conjuncts().iter().filter(is_behind);
    Expr::all(conjuncts.map(|conjunct| moved(conjunct, way.len())))
}

/// The one way on which observations are reached.
fn only_way(filter: &Expr) -> Option<&[Navigation]> {
    let mut way: Option<&[Navigation]> = None;
    let mut is_only = true;
    filter.visit(&mut |reach| {
        let end = reach.links().iter().position(|link| link.to == EntityKind::Observation);
        let Some(found) = end.and_then(|end| reach.links().get(..=end)) else { return };
        let starts_here = matches!(reach, Reach::Value(ValuePath { base: Base::Entity, .. }));
        is_only &= starts_here && way.is_none_or(|way| way == found);
        way = Some(found);
    });
    way.filter(|_| is_only)
}

fn leads_over(reach: Reach<'_>, way: &[Navigation]) -> bool {
    match reach {
        Reach::Value(path) => path.base == Base::Entity && path.links.starts_with(way),
        Reach::Entities(..) => false,
    }
}

/// The expression as it is from the other end of so many links; it has no `any`.
fn moved(expr: &Expr, links: usize) -> Expr {
    let one = |expr: &Expr| Box::new(moved(expr, links));
    let each = |list: &[Expr]| list.iter().map(|item| moved(item, links)).collect();
    let path = |path: &ValuePath| ValuePath {
        links: path.links.iter().skip(links).copied().collect(),
        ..path.clone()
    };
    match expr {
        Expr::Path(it) => Expr::Path(path(it)),
        Expr::And(list) => Expr::And(each(list)),
        Expr::Or(list) => Expr::Or(each(list)),
        Expr::Not(inner) => Expr::Not(one(inner)),
        Expr::Negative(inner) => Expr::Negative(one(inner)),
        Expr::Compare { comparison, left, right } => {
            Expr::Compare { comparison: *comparison, left: one(left), right: one(right) }
        }
        Expr::Math { operator, left, right } => {
            Expr::Math { operator: *operator, left: one(left), right: one(right) }
        }
        Expr::In { value, list } => Expr::In { value: one(value), list: each(list) },
        Expr::Within { value, array } => Expr::Within { value: one(value), array: path(array) },
        Expr::Call { function, arguments } => {
            Expr::Call { function: *function, arguments: each(arguments) }
        }
        Expr::Literal(_) | Expr::Any { .. } => expr.clone(),
    }
}
