//! What version 1.0 takes a result for: the official test suite compares numbers with `'3'` as texts, and wants such
//! results as texts.

use crate::{
    Version,
    expression::{Expr, Literal},
    options::Options,
    path::Property,
};

/// Whether a request of version 1.0 compares its own results with a text.
pub(super) fn results_are_texts(version: Version, options: &Options) -> bool {
    let Some(filter) = options.filter.as_ref().filter(|_| version == Version::V1_0) else {
        return false;
    };
    filter.conjuncts().iter().any(compares_result_with_text)
}

fn compares_result_with_text(conjunct: &Expr) -> bool {
    let Expr::Compare { left, right, .. } = conjunct else { return false };
    let is_result = |side: &Expr| matches!(side, Expr::Path(path) if path.property == Property::Result && path.keys.is_empty());
    let is_text = |side: &Expr| matches!(side, Expr::Literal(Literal::Text(_)));
    is_result(left) && is_text(right) || is_text(left) && is_result(right)
}
