use quartier_model::ResultValue;
use serde_json::Value;
use time::format_description::well_known::Rfc3339;

use super::{ObjectReading, label};

impl ObjectReading {
    /// What it says as properties of its object, in this order: `NO2.value`, `NO2.unit`, `NO2.time`, `NO2.age_s`,
    /// `NO2.n` and `NO2.stale`.
    pub fn properties(&self) -> [(String, Value); 6] {
        let unit = self.unit.as_ref().map(label).filter(|label| !label.is_empty());
        [
            ("value", self.value.as_ref().map(ResultValue::to_json).into()),
            ("unit", unit.into()),
            ("time", self.time.format(&Rfc3339).ok().into()),
            ("age_s", self.age.whole_seconds().into()),
            ("n", self.n.into()),
            ("stale", self.is_stale.into()),
        ]
        .map(|(member, value)| (format!("{}.{member}", self.property), value))
    }
}
