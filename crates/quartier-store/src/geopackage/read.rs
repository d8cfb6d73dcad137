use std::str::FromStr;

use quartier_model::{CityObject, CollectionId, Feature, FeatureId, ObjectId, TimeRange};
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

/// Parts the columns that are read as one text: sqlx copies each column of a row through SQLite's allocator, which
/// took a third of the time of loading a city. No id has this character, since ids have no control characters.
const SEPARATOR: char = '\u{1f}';

const SCAN: &str = "
    select fid, geometry,
           version || char(31) || id || char(31) || ifnull(source_id, '') || char(31)
           || ifnull(valid_from_us, '') || char(31) || ifnull(valid_to_us, '') || char(31)
           || properties
    from quartier_object
    where collection = ? and fid > ?
    order by fid
    limit ?";

const FEATURES: &str = "
    select fid, geometry,
           version || char(31) || id || char(31) || ifnull(source_id, '') || char(31)
           || ifnull(valid_from_us, '') || char(31) || ifnull(valid_to_us, '') || char(31)
           || properties
    from quartier_object
    where collection = ? and fid in (select value from json_each(?))
    order by fid";

const RANGE: &str = "
    select (select min(fid) from quartier_object where collection = ?1),
           (select max(fid) from quartier_object where collection = ?1)";

const OBJECT: &str = "
    select fid, geometry,
           version || char(31) || id || char(31) || ifnull(source_id, '') || char(31)
           || ifnull(valid_from_us, '') || char(31) || ifnull(valid_to_us, '') || char(31)
           || properties,
           structure, recorded_from_us, null
    from quartier_object
    where collection = ? and id = ?";

const HISTORY: &str = "
    select fid, geometry,
           version || char(31) || id || char(31) || ifnull(source_id, '') || char(31)
           || ifnull(valid_from_us, '') || char(31) || ifnull(valid_to_us, '') || char(31)
           || properties,
           structure, recorded_from_us, recorded_to_us, version
    from quartier_object_history
    where collection = ?1 and id = ?2
    union all
    select fid, geometry,
           version || char(31) || id || char(31) || ifnull(source_id, '') || char(31)
           || ifnull(valid_from_us, '') || char(31) || ifnull(valid_to_us, '') || char(31)
           || properties,
           structure, recorded_from_us, null, version
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
    let fid: i64 = row.try_get(0)?;
    let geometry: Option<&[u8]> = row.try_get(1)?;
    let packed: &str = row.try_get(2)?;
    unpacked(FeatureId(fid as u64), geometry, packed).map_err(|error| {
        let id = packed.split(SEPARATOR).nth(1).unwrap_or_default();
        Error::corrupt(id, error)
    })
}

fn unpacked(fid: FeatureId, geometry: Option<&[u8]>, packed: &str) -> Result<StoredFeature, Cause> {
    let mut parts = packed.splitn(6, SEPARATOR);
    let mut next = || parts.next().unwrap_or_default();
    let version = next().parse()?;
    let (id, source_id) = (next().parse()?, filled(next())?);
    let valid = range(filled(next())?, filled(next())?)?;
    let feature = Feature {
        id,
        source_id,
        geometry: geometry.map(read_geopackage).transpose()?,
        properties: from_json(next().as_bytes())?,
        valid,
    };
    Ok(StoredFeature { fid, version, feature })
}

/// Null is read as an empty text.
fn filled<T: FromStr<Err: Into<Cause>>>(text: &str) -> Result<Option<T>, Cause> {
    if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(Into::into) }
}

fn object(row: &SqliteRow) -> Result<StoredObject> {
    let StoredFeature { fid, version, feature } = feature(row)?;
    let structure: Option<&str> = row.try_get(3)?;
    let structure = structure.map(|text| from_json(text.as_bytes())).transpose();
    let recorded = range(row.try_get(4)?, row.try_get(5)?);
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
