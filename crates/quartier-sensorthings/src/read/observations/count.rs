use quartier_store::ObservationOrder;

use super::Search;
use crate::{Result, read::Reader};

impl Reader<'_> {
    /// How many observations fulfil a search: the store counts, unless the rest of the filter has to be looked at here.
    pub(super) fn count_matches(&self, search: &Search) -> Result<u64> {
        if search.residual.is_none() {
            return self.wait(self.view.sensors.count_observations(&search.filter));
        }
        let mut count = 0;
        self.scan(search, ObservationOrder::default(), None, |_| {
            count += 1;
            Ok(true)
        })?;
        Ok(count)
    }
}
