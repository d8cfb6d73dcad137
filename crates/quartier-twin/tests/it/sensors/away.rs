use std::{
    sync::{Arc, atomic::Ordering::SeqCst},
    time::Duration,
};

use quartier_model::{EntityId, NewObservation};
use quartier_store::{Appended, ObservationFilter};
use quartier_twin::{
    Result,
    sensors::{Happening, Patience, Sensors, Source},
};
use tokio::task::JoinHandle;

use super::world::{World, reading};

/// A store that is back is noticed within seconds.
const PATIENCE: Duration = Duration::from_secs(30);

fn send_by_mqtt(world: &World, row: NewObservation) -> JoinHandle<Result<Vec<Appended>>> {
    let sensors = Arc::clone(world.sensors());
    tokio::spawn(async move { sensors.observe(vec![row], &Source::Mqtt, Patience::Wait).await })
}

#[tokio::test]
async fn while_the_store_is_away_reads_go_on_and_patient_writers_wait() {
    let world = World::new().await;
    let station = world.station("bridge").await;
    world.send(vec![reading(station.datastream, 0, 1.0)]).await.unwrap();
    world.switch.is_cut.store(true, SeqCst);

    let patient: Vec<_> =
        (1..20).map(|at| send_by_mqtt(&world, reading(station.datastream, at, 2.0))).collect();
    for at in 20..25 {
        let row = vec![reading(station.datastream, at, 3.0)];
        let refused = world.sensors().observe(row, &Source::Http, Patience::Refuse).await;
        assert!(refused.unwrap_err().is_temporary());
    }
    assert_eq!(world.sensors().summary(station.datastream).unwrap().count, 1);
    assert_eq!(world.sensors().catalogue().unwrap().things.len(), 1);
    assert!(patient.iter().all(|caller| !caller.is_finished()));

    world.switch.is_cut.store(false, SeqCst);
    for caller in patient {
        let answer = tokio::time::timeout(PATIENCE, caller).await.expect("the store is back");
        assert!(answer.unwrap().unwrap()[0].is_new);
    }
    assert_eq!(world.sensors().summary(station.datastream).unwrap().count, 20);
    let counts = world.sensors().counts();
    assert_eq!(counts.sources[&Source::Http].turned_away, 5);
    assert_eq!(counts.sources[&Source::Mqtt].accepted, 20);
}

#[tokio::test]
async fn a_write_whose_answer_was_lost_is_taken_once_and_shown() {
    let world = World::new().await;
    let station = world.station("bridge").await;
    world.send(vec![reading(station.datastream, 0, 1.0)]).await.unwrap();

    world.switch.loses_answer.store(true, SeqCst);
    let written = world.send(vec![reading(station.datastream, 1, 2.0)]).await.unwrap();
    assert_eq!(written.len(), 1);
    let summary = world.sensors().summary(station.datastream).unwrap();
    assert_eq!(summary.count, 2);
    assert_eq!(world.store.summaries().await.unwrap(), [(*summary).clone()]);
    let events = world.sensors().ring().after(0, 100).unwrap();
    let told = events.iter().filter(|it| matches!(it.happening, Happening::Observed(_))).count();
    assert_eq!(told, 2, "whoever listens hears of it too");
}

#[tokio::test]
async fn entities_whose_answer_was_lost_are_there_with_the_next_write() {
    let world = World::new().await;
    let station = world.station("bridge").await;
    world.switch.loses_answer.store(true, SeqCst);
    let row = vec![reading(station.datastream, 1, 2.0)];
    let refused = world.sensors().observe(row, &Source::Http, Patience::Refuse).await;
    assert!(refused.unwrap_err().is_temporary());
    world.station("tower").await;
    let catalogue = world.sensors().catalogue().unwrap();
    assert_eq!(catalogue.features.len(), 1, "the feature of interest of the lost answer");
    assert_eq!(world.sensors().summary(station.datastream).unwrap().count, 1);
}

#[tokio::test]
async fn a_client_that_hangs_up_leaves_memory_as_the_store_is() {
    let world = World::new().await;
    let station = world.station("bridge").await;
    let gate = world.switch.gate.write().await;
    let sensors = Arc::clone(world.sensors());
    let gone =
        quartier_model::Entity::Thing(super::world::thing_at(station.thing, "gone", Vec::new()));
    let hung_up = tokio::spawn(async move {
        let plan = |_: &_, _: &mut _| Ok::<_, ()>((super::world::puts(vec![gone]), ()));
        drop(sensors.change(plan).await);
    });
    // The plan has run when the lock is taken; the store then waits at the gate.
    tokio::task::yield_now().await;
    hung_up.abort();
    drop(gate);
    world.station("tower").await;
    let mut stored = world.store.entities().await.unwrap().entities.into_iter();
    let stored = stored
        .find(|it| it.id() == station.thing && it.kind() == quartier_model::EntityKind::Thing);
    let quartier_model::Entity::Thing(stored) = stored.unwrap() else { unreachable!() };
    let shown = &world.sensors().catalogue().unwrap().things[&station.thing];
    assert_eq!(**shown, stored);
    assert_eq!(world.store.count_observations(&ObservationFilter::default()).await.unwrap(), 0);
}

async fn send_a_hundred(sensors: Arc<Sensors>, datastream: EntityId, from_minute: i64) {
    for minute in from_minute..from_minute + 100 {
        let row = reading(datastream, minute, 1.0);
        let taken = sensors.observe(vec![row], &Source::Mqtt, Patience::Wait).await;
        assert_eq!(taken.unwrap().len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_break_lose_nothing_and_tell_nothing_twice() {
    let Some(world) = World::in_postgis("broken").await else { return };
    let stations = [world.station("bridge").await, world.station("tower").await];
    let writers: Vec<_> = (0..8)
        .map(|writer| {
            let sensors = Arc::clone(world.sensors());
            let datastream = stations[usize::from(writer & 1 == 1)].datastream;
            tokio::spawn(send_a_hundred(sensors, datastream, writer * 100))
        })
        .collect();
    let (mut kills, mut seen) = (0, 0);
    while writers.iter().any(|writer| !writer.is_finished()) {
        let accepted = world.sensors().counts().total().accepted;
        if accepted >= seen + 20 {
            world.kill_connections();
            (kills, seen) = (kills + 1, accepted);
        }
        tokio::task::yield_now().await;
    }
    for writer in writers {
        writer.await.unwrap();
    }
    println!("{kills} times all connections were ended");
    let all = ObservationFilter::default();
    assert_eq!(world.store.count_observations(&all).await.unwrap(), 800);
    assert_eq!(world.sensors().count_observations(&all).await.unwrap(), 800);
    let shown: Vec<_> = world.sensors().summaries().values().map(|it| (**it).clone()).collect();
    assert_eq!(world.store.summaries().await.unwrap(), shown);
    let events = world.sensors().ring().after(0, usize::MAX).unwrap();
    let mut told: Vec<_> = events
        .iter()
        .filter_map(|event| match &event.happening {
            Happening::Observed(observation) => Some(observation.id),
            _ => None,
        })
        .collect();
    told.sort_unstable();
    told.dedup();
    let observed = events.iter().filter(|it| matches!(it.happening, Happening::Observed(_)));
    assert_eq!((told.len(), observed.count()), (800, 800));
}
