use std::{sync::Arc, time::Duration};

use quartier_store::Batch;
use quartier_twin::{Twin, import::Mode};

use crate::city::{City, id, trees};

/// Another process's write is seen by polling; ten times as long as that takes.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

#[tokio::test]
async fn a_write_is_visible_when_it_is_acknowledged() {
    let city = City::with_trees(&[("oak", 7.62, 51.95), ("elm", 7.63, 51.95)]).await;
    let twin = city.twin().await;
    let before = twin.snapshot().unwrap();
    let deletes = vec!["oak".parse().unwrap()];
    twin.write(&id("trees"), Batch { deletes, ..Batch::default() }).await.unwrap();
    let after = twin.snapshot().unwrap();
    assert_eq!(after.collection("trees").unwrap().index.len(), 1);
    assert_eq!(before.collection("trees").unwrap().index.len(), 2, "a snapshot does not move");
}

#[tokio::test]
async fn what_another_process_writes_is_followed() {
    let city = City::with_trees(&[("oak", 7.62, 51.95)]).await;
    let twin = city.twin().await;
    let other = City { store: quartier_store::open(&city.url, None).await.unwrap(), ..city };
    other
        .import(&trees(&[("oak", 7.62, 51.95), ("elm", 7.63, 51.95)]), Mode::Upsert)
        .await
        .unwrap();
    until(&twin, |count| count == 2).await;
}

#[tokio::test]
async fn a_collection_that_is_new_is_followed_too() {
    let city = City::empty().await;
    let twin = city.twin().await;
    city.import(&trees(&[("oak", 7.62, 51.95)]), Mode::Upsert).await.unwrap();
    until(&twin, |count| count == 1).await;
}

async fn until(twin: &Arc<Twin>, is_there: impl Fn(usize) -> bool) {
    let count = || twin.snapshot().unwrap().collection("trees").map_or(0, |it| it.index.len());
    let seen = async {
        while !is_there(count()) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, seen).await.expect("the change is followed");
}
