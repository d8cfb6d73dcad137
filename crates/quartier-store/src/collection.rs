use quartier_model::{Collection, Crs};

use crate::{Error, Result, json::to_json};

/// Whether a store in the working CRS can keep a collection.
pub(crate) fn check(collection: &Collection, working_crs: Crs) -> Result<()> {
    if collection.storage_crs != working_crs {
        return Err(Error::CrsMismatch { store: working_crs, asked: collection.storage_crs });
    }
    if has_nul(&to_json(collection)) {
        let reason = "its description holds a NUL character; remove it".to_owned();
        return Err(Error::Unstorable { id: collection.id.to_string(), reason });
    }
    Ok(())
}

/// Whether JSON text holds `\u0000`, not counting a backslash and the text `u0000` after it.
fn has_nul(json: &str) -> bool {
    let mut after_even_backslashes = json.match_indices("\\u0000").map(|(at, _)| at);
    after_even_backslashes.any(|at| {
        let before = json.as_bytes()[..at].iter().rev().take_while(|byte| **byte == b'\\').count();
        before % 2 == 0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nul_is_told_from_a_backslash_before_u0000() {
        assert!(has_nul(&to_json(&"a\0b")));
        assert!(has_nul(&to_json(&"a\\\0b")));
        assert!(!has_nul(&to_json(&"a\\u0000b")));
    }
}
