use quartier_model::{
    CityObject, CollectionId, Feature, FeatureId, IdError, ObjectId, Properties, TimeRange,
};
use sqlx::{Row as _, postgres::PgRow, types::Json};
use time::OffsetDateTime;

use super::PostgisStore;
use crate::{
    Error, Result, StoredFeature, StoredObject, change::numbers, error::Cause, json::from_json,
    wkb::read_ewkb,
};

const SCAN: &str = "
    select fid, version, id, source_id, st_asewkb(geometry, 'NDR'), properties, valid_from, valid_to
    from quartier.object
    where collection = $1 and fid > $2
    order by fid
    limit $3";

const FEATURES: &str = "
    select fid, version, id, source_id, st_asewkb(geometry, 'NDR'), properties, valid_from, valid_to
    from quartier.object
    where collection = $1 and fid = any($2)
    order by fid";

const RANGE: &str = "
    select (select fid from quartier.object where collection = $1 order by fid limit 1),
           (select fid from quartier.object where collection = $1 order by fid desc limit 1)";

const OBJECT: &str = "
    select fid, version, id, source_id, st_asewkb(geometry, 'NDR'), properties, valid_from, valid_to,
           structure::text, recorded_from, null::timestamptz
    from quartier.object
    where collection = $1 and id = $2";

const HISTORY: &str = "
    select fid, version, id, source_id, st_asewkb(geometry, 'NDR'), properties, valid_from, valid_to,
           structure::text, recorded_from, recorded_to
    from quartier.object_history
    where collection = $1 and id = $2
    union all
    select fid, version, id, source_id, st_asewkb(geometry, 'NDR'), properties, valid_from, valid_to,
           structure::text, recorded_from, null
    from quartier.object
    where collection = $1 and id = $2
    order by version";

impl PostgisStore {
    pub(super) async fn read_scan(
        &self,
        collection: &CollectionId,
        after: Option<FeatureId>,
        limit: u32,
    ) -> Result<Vec<StoredFeature>> {
        let rows = sqlx::query(SCAN)
            .bind(self.key(collection).await?)
            .bind(after.map_or(-1, |fid| fid.0.cast_signed()))
            .bind(i64::from(limit))
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(feature).collect()
    }

    pub(super) async fn read_range(
        &self,
        collection: &CollectionId,
    ) -> Result<Option<(FeatureId, FeatureId)>> {
        let key = self.key(collection).await?;
        let (first, last): (Option<i64>, Option<i64>) =
            sqlx::query_as(RANGE).bind(key).fetch_one(&self.pool).await?;
        Ok(first.zip(last).map(|(first, last)| (FeatureId(first as u64), FeatureId(last as u64))))
    }

    pub(super) async fn read_features(
        &self,
        collection: &CollectionId,
        ids: &[FeatureId],
    ) -> Result<Vec<StoredFeature>> {
        let rows = sqlx::query(FEATURES)
            .bind(self.key(collection).await?)
            .bind(numbers(ids))
            .fetch_all(&self.pool)
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
            .fetch_optional(&self.pool)
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
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(object).collect()
    }
}

fn feature(row: &PgRow) -> Result<StoredFeature> {
    let id: &str = row.try_get(2)?;
    let corrupt = |error: Cause| Error::corrupt(id, error);
    let source_id: Option<&str> = row.try_get(3)?;
    let geometry: Option<&[u8]> = row.try_get(4)?;
    let properties: Json<Properties> = row.try_get(5)?;
    let (start, end): (Option<OffsetDateTime>, _) = (row.try_get(6)?, row.try_get(7)?);
    let feature = Feature {
        id: id.parse().map_err(|error| Error::corrupt(id, error))?,
        source_id: source_id
            .map(str::parse)
            .transpose()
            .map_err(|it: IdError| corrupt(it.into()))?,
        geometry: geometry.map(read_ewkb).transpose().map_err(|error| corrupt(error.into()))?,
        properties: properties.0,
        valid: TimeRange::new(start, end).map_err(|error| corrupt(error.into()))?,
    };
    let (fid, version): (i64, i32) = (row.try_get(0)?, row.try_get(1)?);
    Ok(StoredFeature { fid: FeatureId(fid as u64), version: version as u32, feature })
}

fn object(row: &PgRow) -> Result<StoredObject> {
    let StoredFeature { fid, version, feature } = feature(row)?;
    let structure: Option<&str> = row.try_get(8)?;
    let structure = structure.map(|text| from_json(text.as_bytes())).transpose();
    let (start, end): (Option<OffsetDateTime>, _) = (row.try_get(9)?, row.try_get(10)?);
    Ok(StoredObject {
        fid,
        version,
        recorded: TimeRange::new(start, end)
            .map_err(|error| Error::corrupt(feature.id.as_str(), error))?,
        object: CityObject {
            structure: structure
                .map_err(|error| Error::corrupt(feature.id.as_str(), error))?
                .unwrap_or_default(),
            feature,
        },
    })
}
