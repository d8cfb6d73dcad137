use std::{collections::BTreeMap, sync::Arc};

use quartier_model::{CollectionId, Crs};

use crate::{Error, Result, Store, StoreUrl, geopackage::GeoPackageStore, postgis::PostgisStore};

/// What a store is made for when nobody says otherwise: ETRS89 / UTM zone 32N, as most of Germany's cities use it.
pub const DEFAULT_WORKING_CRS: Crs = Crs::Epsg(25832);

/// PostGIS ends here, and the register long before.
const EPSG_MAX: u32 = 999_000;

/// What is in a store, counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// The number of the newest migration that the store has seen.
    pub schema: i64,
    pub working_crs: Crs,
    /// Current objects.
    pub objects: BTreeMap<CollectionId, u64>,
}

/// Opens a store. Makes it where there is none; brings it forward where an older Quartier made it; refuses a working
/// CRS other than the one it was made for.
pub async fn open(url: &StoreUrl, working_crs: Option<Crs>) -> Result<Arc<dyn Store>> {
    if let Some(crs @ Crs::Epsg(EPSG_MAX..)) = working_crs {
        return Err(Error::UnknownCrs(crs));
    }
    Ok(match url {
        StoreUrl::GeoPackage(path) => Arc::new(GeoPackageStore::open(path, working_crs).await?),
        StoreUrl::Postgis(options) => Arc::new(PostgisStore::open(options, working_crs).await?),
    })
}

/// Looks into a store without changing it; `None` where there is none yet.
pub async fn inspect(url: &StoreUrl) -> Result<Option<Inspection>> {
    match url {
        StoreUrl::GeoPackage(path) => crate::geopackage::inspect(path).await,
        StoreUrl::Postgis(options) => crate::postgis::inspect(options).await,
    }
}
