use quartier_model::{CollectionId, Properties, Schema};

use crate::{Error, Result, Twin};

impl Twin {
    /// Adds to a collection's schema the properties that it does not know yet, so that they are in the store's view
    /// and in every description. What it knows stays as it was declared.
    pub async fn learn(&self, collection: &CollectionId, properties: &Properties) -> Result<()> {
        let shown = self.snapshot();
        let shown = shown.as_ref().and_then(|city| city.collection(collection.as_str()));
        if shown.is_some_and(|it| unknown(&it.collection.schema, properties).is_empty()) {
            return Ok(());
        }
        // From the store, since what the configuration says of the collection is not to be written there.
        let collections = self.counted(self.store.collections().await)?;
        let known = collections.into_iter().find(|known| known.id == *collection);
        let mut known = known.ok_or_else(|| Error::UnknownCollection(collection.clone()))?;
        let news = unknown(&known.schema, properties);
        if news.is_empty() {
            return Ok(());
        }
        known.schema.widen(&news);
        self.put_collection(&known).await
    }
}

/// The properties that have a value and no place in the schema.
fn unknown(schema: &Schema, properties: &Properties) -> Properties {
    let news = properties
        .iter()
        .filter(|(name, value)| !value.is_null() && schema.property(name).is_none());
    news.map(|(name, value)| (name.clone(), value.clone())).collect()
}
