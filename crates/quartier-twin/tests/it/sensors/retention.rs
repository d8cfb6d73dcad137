use quartier_model::Step;
use quartier_store::ObservationFilter;
use serde_json::json;
use time::Duration;

use super::world::{NOON, World, reading};

#[tokio::test]
async fn observations_go_when_their_datastream_says_so_and_their_sums_stay() {
    for world in World::each("retention").await {
        let properties = json!({ "retention": "PT1H" }).as_object().cloned().unwrap();
        let brief = world.station_saying("brief", properties).await.datastream;
        let lasting = world.station("lasting").await.datastream;
        let silent = json!({ "retention": "PT1H" }).as_object().cloned().unwrap();
        let silent = world.station_saying("silent", silent).await.datastream;
        let mut rows: Vec<_> = (-120..=0).map(|minute| reading(brief, minute, 2.0)).collect();
        rows.extend((-120..=0).map(|minute| reading(lasting, minute, 2.0)));
        rows.extend([reading(silent, -500, 1.0), reading(silent, -400, 5.0)]);
        world.send(rows).await.unwrap();

        assert_eq!(world.sensors().sweep(NOON).await.unwrap(), 60 + 1);
        for (datastream, count) in [(brief, 61), (lasting, 121), (silent, 1)] {
            let filter =
                ObservationFilter { datastreams: Some(vec![datastream]), ..Default::default() };
            assert_eq!(world.sensors().summary(datastream).unwrap().count, count);
            assert_eq!(world.store.count_observations(&filter).await.unwrap(), count);
        }
        let latest = world.sensors().summary(silent).unwrap().latest.clone().unwrap();
        assert_eq!(latest.result.number(), Some(5.0), "the latest stays however old it is");
        let (from, to) = (NOON - Duration::hours(3), NOON + Duration::hours(1));
        let hours = world.store.rollups(&[brief], Step::Hour, from, to).await.unwrap();
        assert_eq!(hours.iter().map(|hour| hour.count).sum::<u64>(), 121);
        assert_eq!(world.sensors().sweep(NOON).await.unwrap(), 0);
    }
}
