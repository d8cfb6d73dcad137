use std::{
    sync::{Arc, atomic::Ordering::SeqCst},
    time::Duration,
};

use quartier_model::{EntityId, NewObservation, ResultValue};
use quartier_store::{Appended, ObservationFilter};
use quartier_twin::{
    Error, Result,
    sensors::{Happening, Patience, Sensors, Source},
};
use tokio::task::JoinHandle;

use super::world::{World, reading};

fn send(world: &World, rows: Vec<NewObservation>) -> JoinHandle<Result<Vec<Appended>>> {
    let sensors = Arc::clone(world.sensors());
    tokio::spawn(async move { sensors.observe(rows, &Source::Http, Patience::Refuse).await })
}

/// Waits until so many observations are in the queue or being written.
async fn until_waiting(sensors: &Sensors, rows: u64) {
    while sensors.counts().waiting < rows {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn what_is_acknowledged_is_seen_at_once_and_after_a_restart() {
    for world in World::each("seen").await {
        let station = world.station("bridge").await;
        let rows = vec![reading(station.datastream, 5, 17.5), reading(station.datastream, 2, 16.0)];
        world.send(rows).await.unwrap();
        for sensors in [world.sensors(), world.restarted().await.sensors()] {
            let summary = sensors.summary(station.datastream).unwrap();
            assert_eq!(summary.count, 2);
            let latest = summary.latest.as_ref().unwrap();
            assert_eq!(latest.result, ResultValue::Number(17.5));
            let catalogue = sensors.catalogue().unwrap();
            let location = &catalogue.locations[&station.location];
            assert_eq!(location.feature, Some(latest.feature), "made of where the thing is");
        }
        let all = ObservationFilter::default();
        assert_eq!(world.sensors().count_observations(&all).await.unwrap(), 2);
        assert_eq!(world.store.count_observations(&all).await.unwrap(), 2);
    }
}

#[tokio::test]
async fn callers_that_come_while_the_store_writes_share_the_next_transaction() {
    for world in World::each("shared").await {
        let station = world.station("bridge").await;
        let gate = world.switch.gate.write().await;
        let first = send(&world, vec![reading(station.datastream, 0, 1.0)]);
        until_waiting(world.sensors(), 1).await;
        let others: Vec<_> = (1..500)
            .map(|minute| send(&world, vec![reading(station.datastream, minute, 1.0)]))
            .collect();
        until_waiting(world.sensors(), 500).await;
        drop(gate);
        first.await.unwrap().unwrap();
        for other in others {
            assert!(other.await.unwrap().unwrap()[0].is_new);
        }
        let writes = world.switch.writes.load(SeqCst);
        assert!(writes <= 3, "500 callers, {writes} transactions");
        let counts = world.sensors().counts();
        assert_eq!((counts.total().accepted, counts.rows, counts.waiting), (500, 500, 0));
        assert_eq!(world.sensors().summary(station.datastream).unwrap().count, 500);
    }
}

#[tokio::test]
async fn one_callers_fault_is_not_the_others() {
    for world in World::each("fault").await {
        let station = world.station("bridge").await;
        let mut unstorable = reading(station.datastream, 2, 0.0);
        unstorable.result = ResultValue::Other(Box::new("a\0b".into()));
        let unknown = reading(EntityId(999), 3, 0.0);
        let gate = world.switch.gate.write().await;
        let first = send(&world, vec![reading(station.datastream, 0, 1.0)]);
        until_waiting(world.sensors(), 1).await;
        let [before, bad, lost, after] = [
            reading(station.datastream, 1, 1.0),
            unstorable,
            unknown,
            reading(station.datastream, 4, 1.0),
        ]
        .map(|row| send(&world, vec![row]));
        until_waiting(world.sensors(), 5).await;
        drop(gate);
        for innocent in [first, before, after] {
            innocent.await.unwrap().unwrap();
        }
        let error = bad.await.unwrap().unwrap_err();
        assert!(matches!(error, Error::Store(quartier_store::Error::Unstorable { .. })), "{error}");
        let error = lost.await.unwrap().unwrap_err();
        assert!(matches!(error, Error::UnknownDatastream(EntityId(999))), "{error}");
        assert_eq!(world.sensors().summary(station.datastream).unwrap().count, 3);
        let total = world.sensors().counts().total();
        assert_eq!((total.accepted, total.rejected), (3, 2));
    }
}

#[tokio::test]
async fn racing_callers_make_one_feature_of_interest() {
    let world = World::new().await;
    let station = world.station("bridge").await;
    let senders: Vec<_> = (0..200)
        .map(|minute| send(&world, vec![reading(station.datastream, minute, 1.0)]))
        .collect();
    for sender in senders {
        sender.await.unwrap().unwrap();
    }
    let catalogue = world.sensors().catalogue().unwrap();
    assert_eq!(catalogue.features.len(), 1);
    let feature = *catalogue.features.keys().next().unwrap();
    assert_eq!(world.sensors().summary(station.datastream).unwrap().features, [(feature, 200)]);
}

#[tokio::test]
async fn a_thing_that_is_nowhere_needs_a_named_feature() {
    let world = World::new().await;
    let station = world.station("bridge").await;
    let elsewhere = super::world::thing_at(station.thing, "bridge", Vec::new());
    world.change(|_, _| super::world::puts(vec![quartier_model::Entity::Thing(elsewhere)])).await;
    let error = world.send(vec![reading(station.datastream, 0, 1.0)]).await.unwrap_err();
    assert!(matches!(error, Error::NoLocation { thing, .. } if thing == station.thing), "{error}");
    assert!(!error.is_temporary());
}

#[tokio::test]
async fn devices_that_send_side_by_side_share_transactions_and_others_wait_for_none() {
    let world = World::new().await;
    let station = world.station("bridge").await;
    let from_device = |minute| {
        let (sensors, rows) =
            (Arc::clone(world.sensors()), vec![reading(station.datastream, minute, 1.0)]);
        tokio::spawn(async move { sensors.observe(rows, &Source::Mqtt, Patience::Wait).await })
    };
    let written = || world.switch.writes.load(SeqCst);
    let before = written();
    let mut sent = Vec::new();
    // Two at once: where a store is quick, one alone waits for nobody.
    for minute in 0..50 {
        sent.extend([from_device(2 * minute), from_device(2 * minute + 1)]);
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    for device in sent {
        device.await.unwrap().unwrap();
    }
    let shared = written() - before;
    assert!(shared < 50, "{shared} transactions");

    let devices = [from_device(200), from_device(201), from_device(202)];
    send(&world, vec![reading(station.datastream, 300, 1.0)]).await.unwrap().unwrap();
    for device in devices {
        device.await.unwrap().unwrap();
    }
    assert_eq!(world.sensors().summary(station.datastream).unwrap().count, 104);
}

#[tokio::test]
async fn when_the_queue_is_full_a_caller_that_does_not_wait_is_told() {
    let world = World::new().await;
    let station = world.station("bridge").await;
    let gate = world.switch.gate.write().await;
    let patient: Vec<_> = (0..11)
        .map(|batch| {
            let rows = (0..5_000).map(|row| reading(station.datastream, batch * 5_000 + row, 1.0));
            let (sensors, rows) = (Arc::clone(world.sensors()), rows.collect());
            tokio::spawn(async move { sensors.observe(rows, &Source::Mqtt, Patience::Wait).await })
        })
        .collect();
    until_waiting(world.sensors(), 50_000).await;
    let refused = send(&world, vec![reading(station.datastream, -1, 1.0)]).await.unwrap();
    assert!(matches!(refused, Err(Error::Busy)), "{refused:?}");
    drop(gate);
    for caller in patient {
        assert_eq!(caller.await.unwrap().unwrap().len(), 5_000);
    }
    assert_eq!(world.sensors().summary(station.datastream).unwrap().count, 55_000);
    assert_eq!(world.sensors().counts().total().turned_away, 1);
}

#[tokio::test]
async fn the_ring_tells_each_new_reading_once_and_without_gaps() {
    let world = World::new().await;
    let station = world.station("bridge").await;
    let start = world.sensors().ring().newest();
    let rows =
        |offset: i64| (0..50).map(move |minute| reading(station.datastream, minute + offset, 1.0));
    let senders: Vec<_> =
        [0, 25, 50, 25].map(|offset| send(&world, rows(offset).collect())).into_iter().collect();
    for sender in senders {
        sender.await.unwrap().unwrap();
    }
    let mut after = start;
    let mut told = Vec::new();
    loop {
        let events = world.sensors().ring().after(after, 7).unwrap();
        let Some(last) = events.last() else { break };
        assert_eq!(events[0].sequence, after + 1);
        after = last.sequence;
        told.extend(events.iter().filter_map(|event| match &event.happening {
            Happening::Observed(observation) => Some(observation.phenomenon_time),
            _ => None,
        }));
    }
    assert_eq!(after, world.sensors().ring().newest());
    told.sort();
    told.dedup();
    assert_eq!(told.len(), 100);
    assert_eq!(world.sensors().counts().total().duplicate, 100);
}
