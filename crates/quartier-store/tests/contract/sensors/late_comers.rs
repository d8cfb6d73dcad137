use quartier_model::EntityId;
use quartier_store::{ObservationFilter, ObservationOrder, ObservationQuery, OrderBy};

use super::sample::{observed, reading};
use crate::home::in_each_store;

#[tokio::test]
async fn a_page_by_number_of_datastreams_that_began_late_is_found_behind_all_others() {
    in_each_store(async |home| {
        let store = home.with_station().await;
        for part in 0..6 {
            let readings = (0..3_500).map(|minute| reading(1, part * 3_500 + minute, 1.0));
            store.write_sensors(&observed(readings)).await.unwrap();
        }
        let late = (0..300_i64).map(|it| reading(2 + it.unsigned_abs() % 2, 100_000 - it, 1.0));
        let receipt = store.write_sensors(&observed(late)).await.unwrap();
        let ids: Vec<EntityId> = receipt.observations.iter().map(|it| it.id).collect();
        for (is_descending, expected) in
            [(false, ids[..5].to_vec()), (true, ids.iter().rev().take(5).copied().collect())]
        {
            let datastreams = Some(vec![EntityId(2), EntityId(3)]);
            let query = ObservationQuery {
                filter: ObservationFilter { datastreams, ..ObservationFilter::default() },
                order: ObservationOrder { by: OrderBy::Id, is_descending },
                limit: 5,
                ..ObservationQuery::default()
            };
            let page = store.observations(&query).await.unwrap();
            assert_eq!(page.iter().map(|it| it.id).collect::<Vec<_>>(), expected);
        }
    })
    .await;
}
