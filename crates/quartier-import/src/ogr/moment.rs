//! Dates and times as GDAL writes them, rewritten as RFC 3339.

use quartier_model::PropertyKind;

/// `2020/01/31` to `2020-01-31`.
pub(super) fn date(text: &str) -> Option<String> {
    let date = text.split(' ').next()?.replace('/', "-");
    let is_date = date.len() == 10 && date.bytes().all(|it| it.is_ascii_digit() || it == b'-');
    is_date.then_some(date)
}

/// `2020/01/31 10:00:00.5+0130` to `2020-01-31T10:00:00.5+01:30`. Without a zone there is no instant: then `None`,
/// or the local text where that is wanted.
pub(super) fn date_time(text: &str, is_text: bool) -> Option<String> {
    let (day, clock) = text.split_once(' ')?;
    let day = date(day)?;
    let Some(sign) = clock.find(['+', '-']) else {
        return is_text.then(|| format!("{day}T{clock}"));
    };
    let (time, zone) = (clock.get(..sign)?, clock.get(sign..)?);
    let zone = match zone.len() {
        3 if zone == "+00" => "Z".to_owned(),
        3 => format!("{zone}:00"),
        5 => format!("{}:{}", zone.get(..3)?, zone.get(3..)?),
        _ => zone.to_owned(),
    };
    Some(format!("{day}T{time}{zone}"))
}

pub(super) fn has_zone(text: &str) -> bool {
    text.split_once(' ').is_some_and(|(_, clock)| clock.contains(['+', '-']))
}

pub(super) fn word(kind: PropertyKind) -> &'static str {
    match kind {
        PropertyKind::Date => "date",
        _ => "date-time",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gdals_date_times_become_rfc_3339() {
        for (text, rewritten) in [
            ("2020/01/31 10:00:00+00", "2020-01-31T10:00:00Z"),
            ("2020/01/31 10:00:00.250+0130", "2020-01-31T10:00:00.250+01:30"),
            ("2020/01/31 10:00:00-05", "2020-01-31T10:00:00-05:00"),
        ] {
            assert_eq!(date_time(text, false).as_deref(), Some(rewritten));
        }
    }

    #[test]
    fn a_local_time_is_not_an_instant() {
        assert_eq!(date_time("2020/01/31 10:00:00", false), None);
        assert_eq!(date_time("2020/01/31 10:00:00", true).as_deref(), Some("2020-01-31T10:00:00"));
    }
}
