//! What version 1.0 takes `ne` for: the official test suite wants no entity without the value, as in SQL. In 1.1, where
//! `OData` says so, nothing is different from something.

use crate::expression::{Comparison, Expr, Literal};

/// The same filter, but for entities that lack what it says is different.
pub(super) fn demanded(filter: Expr) -> Expr {
    match filter {
        Expr::And(parts) => Expr::And(parts.into_iter().flat_map(with_value).collect()),
        other => {
            let mut parts = with_value(other);
            if parts.len() > 1 { Expr::And(parts) } else { parts.remove(0) }
        }
    }
}

fn with_value(conjunct: Expr) -> Vec<Expr> {
    let Expr::Compare { comparison: Comparison::NotEqual, left, right } = &conjunct else {
        return vec![conjunct];
    };
    let is_value = |side: &Expr| matches!(side, Expr::Literal(it) if *it != Literal::Null);
    let path = match (&**left, &**right) {
        (path @ Expr::Path(_), value) | (value, path @ Expr::Path(_)) if is_value(value) => path,
        _ => return vec![conjunct],
    };
    let is_there = Expr::Compare {
        comparison: Comparison::NotEqual,
        left: Box::new(path.clone()),
        right: Box::new(Expr::Literal(Literal::Null)),
    };
    vec![is_there, conjunct]
}

#[cfg(test)]
mod tests {
    use quartier_model::EntityKind;

    use super::*;
    use crate::options::Options;

    fn filter(text: &str) -> Expr {
        let query = format!("$filter={text}");
        Options::parse(&query, EntityKind::Observation).unwrap().filter.unwrap()
    }

    #[test]
    fn what_is_different_is_there() {
        let told = demanded(filter("result gt 3 and resultTime ne 2015-03-02T00:00:00Z"));
        let meant = "result gt 3 and resultTime ne null and resultTime ne 2015-03-02T00:00:00Z";
        assert_eq!(told, filter(meant));
        let unchanged = filter("result ne null or not (result ne 3)");
        assert_eq!(demanded(unchanged.clone()), unchanged);
    }
}
