use super::JsonKey;

/// A segment without its places in arrays, and those: `list[0][1]` is `list`, `[0]`, `[1]`.
///
/// A closing bracket that ends no number belongs to the name.
pub(crate) fn split_places(segment: &str) -> (&str, Vec<JsonKey>) {
    let mut name = segment;
    let mut places = Vec::new();
    while let Some((rest, index)) = last_place(name) {
        name = rest;
        places.push(JsonKey::Index(index));
    }
    places.reverse();
    (name, places)
}

/// A segment below a property whose value is JSON.
pub(crate) fn json_keys(segment: &str) -> Vec<JsonKey> {
    let (name, mut places) = split_places(segment);
    if !name.is_empty() {
        places.insert(0, JsonKey::Name(name.to_owned()));
    }
    places
}

fn last_place(segment: &str) -> Option<(&str, usize)> {
    let (name, digits) = segment.strip_suffix(']')?.rsplit_once('[')?;
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let index = is_number.then(|| digits.parse().ok()).flatten()?;
    Some((name, index))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_arrays_are_steps_of_their_own() {
        let name = JsonKey::Name("list".to_owned());
        assert_eq!(json_keys("list[0][12]"), [name, JsonKey::Index(0), JsonKey::Index(12)]);
        assert_eq!(json_keys("[3]"), [JsonKey::Index(3)]);
    }

    #[test]
    fn brackets_without_a_number_belong_to_the_name() {
        for name in ["a[x]", "a[]", "a[+1]", "]", "[", "a[99999999999999999999999]"] {
            assert_eq!(json_keys(name), [JsonKey::Name(name.to_owned())]);
        }
    }
}
