use crate::{
    error::{Result, shown},
    limits::{PAGE_DEFAULT, PAGE_MAX},
    query::Query,
};

/// `limit`: more than a page holds is a full page, with a link to the next one.
pub(crate) fn take_limit(query: &mut Query) -> Result<usize> {
    Ok(query.read("limit", |text| read_count(text, PAGE_MAX))?.unwrap_or(PAGE_DEFAULT))
}

/// A count from 1 on, capped.
pub(crate) fn read_count(text: &str, max: usize) -> Result<usize, String> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let count = if is_number { text.parse::<usize>().unwrap_or(usize::MAX) } else { 0 };
    match count {
        0 => Err(format!("`{}` is not a whole number from 1 on", shown(text))),
        count => Ok(count.min(max)),
    }
}
