//! A second SQLite in the process, linked statically beside the one that GDAL uses, crashes it when GDAL closes a
//! GeoPackage. Here both are at work on one file.

use std::ops::ControlFlow;

use quartier_import::ReadOptions;
use quartier_store::StoreUrl;

const ROUNDS: usize = 20;

#[tokio::test]
async fn gdal_opens_and_closes_a_geopackage_beside_the_stores_pool() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("city.gpkg");
    let store = quartier_store::open(&StoreUrl::GeoPackage(path.clone()), None).await.unwrap();
    let town = quartier_town::Town::new(1_000, 1).unwrap();
    let collections = town.collections();
    let trees = collections.iter().find(|it| it.id.as_str() == "trees").unwrap();
    store.put_collection(trees).await.unwrap();
    let puts: Vec<_> = town.objects(&trees.id).take(100).collect();
    let batch = quartier_store::Batch { puts, ..quartier_store::Batch::default() };
    store.write(&trees.id, batch).await.unwrap();
    for _ in 0..ROUNDS {
        let inputs = quartier_import::inputs(&[path.display().to_string()]).unwrap();
        let options = ReadOptions { layer: Some("trees".to_owned()), ..ReadOptions::default() };
        let mut read = 0;
        let source = quartier_import::open(&inputs[0], &options).unwrap();
        source
            .read(&mut |_| {
                read += 1;
                ControlFlow::Continue(())
            })
            .unwrap();
        assert_eq!(read, 100);
        store.ping().await.unwrap();
    }
}
