use crate::limits::DEPTH_MAX;

/// Whether lists and objects of a JSON text lie in one another deeper than any feature needs. Looks at brackets only,
/// so that it can go before every parser.
pub(super) fn is_too_deep(json: &[u8]) -> bool {
    let (mut depth, mut is_text, mut is_escaped) = (0_usize, false, false);
    for byte in json {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_text => is_escaped = true,
            b'"' => is_text = !is_text,
            b'[' | b'{' if !is_text => depth += 1,
            b']' | b'}' if !is_text => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEPTH_MAX {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_in_texts_do_not_count() {
        let text = format!(r#"{{"a":"\"{}"}}"#, "[".repeat(1_000));
        assert!(!is_too_deep(text.as_bytes()));
        assert!(is_too_deep("[".repeat(1_000).as_bytes()));
        assert!(!is_too_deep("[],".repeat(1_000).as_bytes()));
    }
}
