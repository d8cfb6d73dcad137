//! A city in a file beside its store.

use std::{fs, path::PathBuf, sync::Arc};

use quartier_model::{Filter, Readers};
use quartier_store::{Batch, Store};
use quartier_twin::{
    Overlay, Overlays, SavedCity, Snapshot, Twin, import::Mode, sensors::SensorSettings,
};

use crate::city::{City, id, trees};

const TREES: [(&str, f64, f64); 3] =
    [("oak", 7.62, 51.95), ("elm", 7.63, 51.95), ("ash", 7.64, 51.96)];

fn file(city: &City) -> PathBuf {
    city.path().join("city.gpkg.snapshot")
}

async fn started(city: &City, store: &Arc<dyn Store>) -> Arc<Twin> {
    let saved = Some(SavedCity { path: file(city) });
    let settings = SensorSettings::default();
    let twin = Twin::open_saved(Arc::clone(store), Overlays::default(), settings, saved).unwrap();
    twin.until_ready().await;
    twin
}

/// A city of which there is a file.
async fn saved() -> City {
    let city = City::with_trees(&TREES).await;
    let twin = started(&city, &city.store).await;
    assert!(!twin.is_mapped());
    twin.flush().await.unwrap();
    city
}

/// Everything that is said of the objects.
fn shown(snapshot: &Snapshot) -> String {
    let of_one = |it: &Arc<quartier_twin::CollectionSnapshot>| {
        let page = it.index.page(&Filter::default(), None, usize::MAX);
        let objects: Vec<_> = page
            .objects
            .iter()
            .map(|object| (object.fid(), object.version(), object.to_feature()))
            .collect();
        format!("{:?} {:?} {objects:?}", it.collection, it.extent_degrees)
    };
    snapshot.collections().map(of_one).collect()
}

async fn as_in_the_store(city: &City, store: &Arc<dyn Store>) -> String {
    let loaded = Snapshot::load(store, &Overlays::default()).await.unwrap();
    assert!(city.path().exists());
    shown(&loaded)
}

#[tokio::test]
async fn a_saved_city_is_mapped_and_is_the_same() {
    let city = saved().await;
    let twin = started(&city, &city.store).await;
    assert!(twin.is_mapped());
    let snapshot = twin.snapshot().unwrap();
    assert_eq!(shown(&snapshot), as_in_the_store(&city, &city.store).await);
    let trees = snapshot.collection("trees").unwrap();
    assert_eq!(trees.index.by_id("elm").unwrap().id(), "elm");
}

#[tokio::test]
async fn what_changed_since_a_city_was_saved_is_shown_from_the_start() {
    let city = saved().await;
    city.import(&trees(&[("oak", 7.7, 51.9), ("yew", 7.65, 51.95)]), Mode::Upsert).await.unwrap();
    let deletes = vec!["elm".parse().unwrap()];
    let gone = Batch { deletes, ..Batch::default() };
    city.store.write(&id("trees"), gone).await.unwrap();
    let twin = started(&city, &city.store).await;
    assert!(twin.is_mapped());
    let snapshot = twin.snapshot().unwrap();
    assert_eq!(shown(&snapshot), as_in_the_store(&city, &city.store).await);
    assert_eq!(snapshot.collection("trees").unwrap().index.len(), 3);
}

#[tokio::test]
async fn a_mapped_city_changes_like_any_other() {
    let city = saved().await;
    let twin = started(&city, &city.store).await;
    let deletes = vec!["ash".parse().unwrap()];
    twin.write(&id("trees"), Batch { deletes, ..Batch::default() }).await.unwrap();
    let snapshot = twin.snapshot().unwrap();
    assert_eq!(shown(&snapshot), as_in_the_store(&city, &city.store).await);
}

#[tokio::test]
async fn what_the_configuration_says_counts_for_a_mapped_city_too() {
    let city = saved().await;
    let overlay = Overlay { readers: Some(Readers::Token), ..Overlay::default() };
    let overlays = Overlays::from_iter([(id("trees"), overlay)]);
    let saved = Some(SavedCity { path: file(&city) });
    let settings = SensorSettings::default();
    let twin = Twin::open_saved(Arc::clone(&city.store), overlays, settings, saved).unwrap();
    twin.until_ready().await;
    assert!(twin.is_mapped());
    let snapshot = twin.snapshot().unwrap();
    assert_eq!(snapshot.collection("trees").unwrap().collection.readers, Readers::Token);
}

#[tokio::test]
async fn a_damaged_file_is_no_city() {
    let city = saved().await;
    let whole = fs::read(file(&city)).unwrap();
    let expected = as_in_the_store(&city, &city.store).await;
    for at in (0..whole.len()).step_by(whole.len() / 23) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        fs::remove_file(file(&city)).unwrap();
        fs::write(file(&city), if at % 2 == 0 { &bytes } else { &bytes[..at] }).unwrap();
        let twin = started(&city, &city.store).await;
        assert!(!twin.is_mapped());
        assert_eq!(shown(&twin.snapshot().unwrap()), expected);
        twin.flush().await.unwrap();
    }
    assert!(started(&city, &city.store).await.is_mapped(), "it was saved again");
}

#[tokio::test]
async fn a_store_that_was_brought_back_from_a_copy_does_not_get_the_city_of_its_lost_changes() {
    let city = City::with_trees(&TREES).await;
    city.store.flush().await.unwrap();
    let copy = city.path().join("copy.gpkg");
    fs::copy(city.path().join("city.gpkg"), &copy).unwrap();
    city.import(&trees(&[("fir", 7.61, 51.9)]), Mode::Upsert).await.unwrap();
    started(&city, &city.store).await.flush().await.unwrap();

    let restored =
        quartier_store::open(&quartier_store::StoreUrl::GeoPackage(copy), None).await.unwrap();
    let other = City { store: restored, ..city };
    other.import(&trees(&[("box", 7.61, 51.9)]), Mode::Upsert).await.unwrap();
    let twin = started(&other, &other.store).await;
    assert!(!twin.is_mapped(), "it has as many changes, and others");
    assert_eq!(shown(&twin.snapshot().unwrap()), as_in_the_store(&other, &other.store).await);
}
