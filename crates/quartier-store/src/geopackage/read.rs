use quartier_model::{CityObject, CollectionId, Feature, FeatureId, IdError, ObjectId, TimeRange};
use sqlx::{Row as _, sqlite::SqliteRow};
use time::OffsetDateTime;

use super::GeoPackageStore;
use crate::{
    Error, Result, StoredFeature, StoredObject,
    change::numbers,
    error::Cause,
    json::{from_json, to_json},
    wkb::read_geopackage,
};

const SCAN: &str = "
    select fid, version, id, geometry, properties, source_id, valid_from_us, valid_to_us
    from quartier_object
    where collection = ? and fid > ?
    order by fid
    limit ?";

const FEATURES: &str = "
    select fid, version, id, geometry, properties, source_id, valid_from_us, valid_to_us
    from quartier_object
    where collection = ? and fid in (select value from json_each(?))
    order by fid";

const RANGE: &str = "
    select (select min(fid) from quartier_object where collection = ?1),
           (select max(fid) from quartier_object where collection = ?1)";

const OBJECT: &str = "
    select fid, version, id, geometry, properties, source_id, valid_from_us, valid_to_us,
           structure, recorded_from_us, null
    from quartier_object
    where collection = ? and id = ?";

const HISTORY: &str = "
    select fid, version, id, geometry, properties, source_id, valid_from_us, valid_to_us,
           structure, recorded_from_us, recorded_to_us
    from quartier_object_history
    where collection = ?1 and id = ?2
    union all
    select fid, version, id, geometry, properties, source_id, valid_from_us, valid_to_us,
           structure, recorded_from_us, null
    from quartier_object
    where collection = ?1 and id = ?2
    order by version";

impl GeoPackageStore {
    pub(super) async fn read_scan(
        &self,
        collection: &CollectionId,
        after: Option<FeatureId>,
        limit: u32,
    ) -> Result<Vec<StoredFeature>> {
        let rows = sqlx::query(SCAN)
            .bind(self.key(collection).await?)
            .bind(after.map_or(-1, |fid| fid.0.cast_signed()))
            .bind(limit)
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(feature).collect()
    }

    pub(super) async fn read_range(
        &self,
        collection: &CollectionId,
    ) -> Result<Option<(FeatureId, FeatureId)>> {
        let key = self.key(collection).await?;
        let (first, last): (Option<i64>, Option<i64>) =
            sqlx::query_as(RANGE).bind(key).fetch_one(&self.readers).await?;
        Ok(first.zip(last).map(|(first, last)| (FeatureId(first as u64), FeatureId(last as u64))))
    }

    pub(super) async fn read_features(
        &self,
        collection: &CollectionId,
        ids: &[FeatureId],
    ) -> Result<Vec<StoredFeature>> {
        let rows = sqlx::query(FEATURES)
            .bind(self.key(collection).await?)
            .bind(to_json(&numbers(ids)))
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(feature).collect()
    }

    pub(super) async fn read_object(
        &self,
        collection: &CollectionId,
        id: &ObjectId,
    ) -> Result<Option<StoredObject>> {
        let row = sqlx::query(OBJECT)
            .bind(self.key(collection).await?)
            .bind(id.as_str())
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(object).transpose()
    }

    pub(super) async fn read_history(
        &self,
        collection: &CollectionId,
        id: &ObjectId,
    ) -> Result<Vec<StoredObject>> {
        let rows = sqlx::query(HISTORY)
            .bind(self.key(collection).await?)
            .bind(id.as_str())
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(object).collect()
    }
}

fn feature(row: &SqliteRow) -> Result<StoredFeature> {
    let id: &str = row.try_get(2)?;
    let corrupt = |error: Cause| Error::corrupt(id, error);
    let geometry: Option<&[u8]> = row.try_get(3)?;
    let properties: &str = row.try_get(4)?;
    let source_id: Option<&str> = row.try_get(5)?;
    let feature = Feature {
        id: id.parse().map_err(|error| Error::corrupt(id, error))?,
        source_id: source_id
            .map(str::parse)
            .transpose()
            .map_err(|it: IdError| corrupt(it.into()))?,
        geometry: geometry.map(read_geopackage).transpose().map_err(|it| corrupt(it.into()))?,
        properties: from_json(properties.as_bytes()).map_err(|error| corrupt(error.into()))?,
        valid: range(row.try_get(6)?, row.try_get(7)?).map_err(corrupt)?,
    };
    let fid: i64 = row.try_get(0)?;
    Ok(StoredFeature { fid: FeatureId(fid as u64), version: row.try_get(1)?, feature })
}

fn object(row: &SqliteRow) -> Result<StoredObject> {
    let StoredFeature { fid, version, feature } = feature(row)?;
    let structure: Option<&str> = row.try_get(8)?;
    let structure = structure.map(|text| from_json(text.as_bytes())).transpose();
    let recorded = range(row.try_get(9)?, row.try_get(10)?);
    Ok(StoredObject {
        fid,
        version,
        recorded: recorded.map_err(|error| Error::corrupt(feature.id.as_str(), error))?,
        object: CityObject {
            structure: structure
                .map_err(|error| Error::corrupt(feature.id.as_str(), error))?
                .unwrap_or_default(),
            feature,
        },
    })
}

fn range(start_us: Option<i64>, end_us: Option<i64>) -> Result<TimeRange, Cause> {
    let instant = |us: i64| OffsetDateTime::from_unix_timestamp_nanos(i128::from(us) * 1000);
    Ok(TimeRange::new(start_us.map(instant).transpose()?, end_us.map(instant).transpose()?)?)
}
