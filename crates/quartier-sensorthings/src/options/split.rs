/// Cuts the text at a sign, but not inside quotes or parentheses. Fails where those do not match.
pub(super) fn split(text: &str, sign: u8) -> Result<Vec<&str>, &'static str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut depth = 0_usize;
    let mut is_quoted = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'\'' => is_quoted = !is_quoted,
            _ if is_quoted => {}
            b'(' => depth += 1,
            b')' => depth = depth.checked_sub(1).ok_or("a `)` has no `(`")?,
            _ if byte == sign && depth == 0 => {
                parts.extend(text.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.extend(text.get(start..));
    match (is_quoted, depth) {
        (true, _) => Err("a quote is not closed"),
        (_, 1..) => Err("a `(` is not closed"),
        _ => Ok(parts),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_parentheses_hold_together() {
        assert_eq!(split("a,b(c,d),'e,'',f'", b','), Ok(vec!["a", "b(c,d)", "'e,'',f'"]));
        assert_eq!(split("", b','), Ok(vec![""]));
        assert_eq!(split("ä;ö", b';'), Ok(vec!["ä", "ö"]));
    }

    #[test]
    fn what_is_not_closed_is_told() {
        assert!(split("a(b", b',').is_err());
        assert!(split("a)b(", b',').is_err());
        assert!(split("a'b", b',').is_err());
    }
}
