use quartier_twin::import::{Error, Mode, Purpose};

use crate::city::{City, id, trees};

const THREE: [(&str, f64, f64); 3] =
    [("oak", 7.62, 51.95), ("elm", 7.63, 51.95), ("ash", 7.64, 51.95)];

#[tokio::test]
async fn importing_the_same_file_again_changes_nothing() {
    let city = City::with_trees(&THREE).await;
    let sequence = city.store.sequence().await.unwrap();
    let report = city.import(&trees(&THREE), Mode::Upsert).await.unwrap();
    assert_eq!((report.created, report.changed, report.unchanged), (0, 0, 3));
    assert_eq!(city.store.sequence().await.unwrap(), sequence);
}

#[tokio::test]
async fn a_changed_file_makes_versions_of_just_what_changed() {
    let city = City::with_trees(&THREE).await;
    let moved = [("oak", 7.621, 51.95), THREE[1], THREE[2], ("fir", 7.65, 51.95)];
    let report = city.import(&trees(&moved), Mode::Upsert).await.unwrap();
    assert_eq!((report.created, report.changed, report.unchanged), (1, 1, 2));
    let versions = city.store.history(&id("trees"), &"oak".parse().unwrap()).await.unwrap();
    assert_eq!(versions.len(), 2);
}

#[tokio::test]
async fn replacing_closes_what_the_file_no_longer_has() {
    let city = City::with_trees(&THREE).await;
    let report = city.import(&trees(&THREE[..2]), Mode::Replace).await.unwrap();
    assert_eq!((report.unchanged, report.closed), (2, 1));
    let ash = city.store.object(&id("trees"), &"ash".parse().unwrap()).await.unwrap();
    assert_eq!(ash, None);
}

#[tokio::test]
async fn appending_rejects_what_is_there_already() {
    let city = City::with_trees(&THREE[..2]).await;
    let report = city.import(&trees(&THREE[1..]), Mode::Append).await.unwrap();
    assert_eq!((report.created, report.rejected), (1, 1));
    assert_eq!(report.rejections[0].id.as_deref(), Some("elm"));
}

#[tokio::test]
async fn a_dry_run_tells_what_would_change_and_writes_nothing() {
    let city = City::with_trees(&THREE[..2]).await;
    let sequence = city.store.sequence().await.unwrap();
    let moved = [("oak", 7.0, 51.0), THREE[1], THREE[2]];
    let report = city.import_for(&trees(&moved), Mode::Replace, Purpose::DryRun).await.unwrap();
    assert_eq!((report.created, report.changed, report.unchanged), (1, 1, 1));
    assert_eq!(city.store.sequence().await.unwrap(), sequence);
}

#[tokio::test]
async fn a_truncated_file_changes_nothing() {
    let city = City::empty().await;
    let mut file = trees(&THREE);
    file.truncate(file.len() - 40);
    let error = city.import(&file, Mode::Upsert).await.unwrap_err();
    assert!(matches!(error, Error::Read(_)), "{error}");
    assert_eq!(city.store.collections().await.unwrap(), []);
}

#[tokio::test]
async fn objects_far_outside_the_working_crs_are_rejected_by_id() {
    let city = City::empty().await;
    let report =
        city.import(&trees(&[THREE[0], ("tokyo", 139.7, 35.7)]), Mode::Upsert).await.unwrap();
    assert_eq!((report.created, report.rejected), (1, 1));
    assert_eq!(report.rejections[0].id.as_deref(), Some("tokyo"));
    assert!(report.rejections[0].reason.contains("EPSG:25832"), "{:?}", report.rejections);
}

#[tokio::test]
async fn an_id_that_stands_twice_is_rejected_the_second_time() {
    let city = City::empty().await;
    let report = city.import(&trees(&[THREE[0], THREE[0]]), Mode::Upsert).await.unwrap();
    assert_eq!((report.created, report.rejected), (1, 1));
}
