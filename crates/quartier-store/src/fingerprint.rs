use quartier_model::Properties;
use serde_json::Value;
use xxhash_rust::xxh3::xxh3_128;

/// JSON readers stop at 128 levels; what is written must be readable, inside a building part too.
const DEPTH_MAX: usize = 48;

/// Tells two versions of an object apart: equal content has equal bytes, whatever the order of its properties.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fingerprint(pub(crate) [u8; 16]);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ContentError {
    #[error("its properties nest deeper than {DEPTH_MAX} levels")]
    Deep,
    #[error("its properties hold a NUL character, which PostgreSQL cannot keep; remove it")]
    Nul,
}

/// Collects an object's content in one canonical form.
#[derive(Debug, Default)]
pub(crate) struct Content {
    bytes: Vec<u8>,
}

impl Content {
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
    }

    pub(crate) fn fingerprint(&self) -> Fingerprint {
        Fingerprint(xxh3_128(&self.bytes).to_le_bytes())
    }

    /// Appends by the given writer, and returns what it appended.
    pub(crate) fn append(&mut self, write: impl FnOnce(&mut Vec<u8>)) -> &[u8] {
        let start = self.bytes.len();
        write(&mut self.bytes);
        &self.bytes[start..]
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.bytes.extend((bytes.len() as u64).to_le_bytes());
        self.bytes.extend(bytes);
    }

    pub(crate) fn optional(&mut self, bytes: Option<&[u8]>) {
        self.bytes.push(u8::from(bytes.is_some()));
        self.bytes(bytes.unwrap_or_default());
    }

    pub(crate) fn number(&mut self, number: Option<i64>) {
        self.optional(number.map(i64::to_le_bytes).as_ref().map(<[u8; 8]>::as_slice));
    }

    pub(crate) fn properties(&mut self, properties: &Properties) -> Result<(), ContentError> {
        self.object(properties, DEPTH_MAX)
    }

    fn object(&mut self, object: &Properties, depth: usize) -> Result<(), ContentError> {
        let depth = depth.checked_sub(1).ok_or(ContentError::Deep)?;
        let mut members: Vec<(&String, &Value)> = object.iter().collect();
        members.sort_unstable_by_key(|(name, _)| *name);
        self.tag(b'{', members.len());
        for (name, value) in members {
            self.text(name)?;
            self.value(value, depth)?;
        }
        Ok(())
    }

    fn value(&mut self, value: &Value, depth: usize) -> Result<(), ContentError> {
        match value {
            Value::Null => self.bytes.push(b'0'),
            Value::Bool(is_true) => self.tag(b'b', usize::from(*is_true)),
            Value::Number(number) => self.json_number(number),
            Value::String(text) => self.text(text)?,
            Value::Array(values) => {
                let depth = depth.checked_sub(1).ok_or(ContentError::Deep)?;
                self.tag(b'[', values.len());
                values.iter().try_for_each(|value| self.value(value, depth))?;
            }
            Value::Object(object) => self.object(object, depth)?,
        }
        Ok(())
    }

    fn json_number(&mut self, number: &serde_json::Number) {
        if let Some(whole) = number.as_i64() {
            self.tag(b'i', 0);
            self.bytes.extend(whole.to_le_bytes());
        } else if let Some(great) = number.as_u64() {
            self.tag(b'u', 0);
            self.bytes.extend(great.to_le_bytes());
        } else {
            self.tag(b'f', 0);
            // Adding zero makes -0.0 of jsonb and 0.0 one.
            let fraction = number.as_f64().unwrap_or_default() + 0.0;
            self.bytes.extend(fraction.to_bits().to_le_bytes());
        }
    }

    fn text(&mut self, text: &str) -> Result<(), ContentError> {
        if text.contains('\0') {
            return Err(ContentError::Nul);
        }
        self.tag(b's', text.len());
        self.bytes.extend(text.as_bytes());
        Ok(())
    }

    fn tag(&mut self, tag: u8, count: usize) {
        self.bytes.push(tag);
        self.bytes.extend((count as u64).to_le_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(value: &Value) -> Result<Fingerprint, ContentError> {
        let mut content = Content::default();
        content.properties(value.as_object().unwrap())?;
        Ok(content.fingerprint())
    }

    #[test]
    fn the_order_of_properties_makes_no_version() {
        assert_eq!(of(&json!({ "a": 1, "b": [2] })), of(&json!({ "b": [2], "a": 1 })));
    }

    #[test]
    fn a_number_and_its_text_differ() {
        assert_ne!(of(&json!({ "a": 1 })), of(&json!({ "a": "1" })));
        assert_ne!(of(&json!({ "a": 1 })), of(&json!({ "a": 1.0 })));
    }

    #[test]
    fn properties_that_could_not_be_read_back_are_refused() {
        let mut deep = json!(1);
        for _ in 0..DEPTH_MAX {
            deep = json!([deep]);
        }
        assert_eq!(of(&json!({ "deep": deep })), Err(ContentError::Deep));
        assert_eq!(of(&json!({ "nul": "a\0b" })), Err(ContentError::Nul));
    }
}
