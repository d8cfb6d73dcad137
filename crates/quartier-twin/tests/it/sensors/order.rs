use proptest::{prelude::*, test_runner::TestRunner};
use quartier_model::NewObservation;
use quartier_store::Summary;

use super::world::{World, reading};

/// Messages with repeats, in some order, and where the sender cuts them into batches.
fn deliveries() -> impl Strategy<Value = (Vec<usize>, Vec<usize>)> {
    let order = Just((0..MESSAGES).chain(0..MESSAGES / 3).collect::<Vec<_>>()).prop_shuffle();
    (order, proptest::collection::vec(1_usize..12, 1..MESSAGES))
}

const MESSAGES: usize = 24;

fn message(world_datastream: quartier_model::EntityId, at: usize) -> NewObservation {
    let value = [4.0, -1.5, 20.0, 7.25][at % 4];
    reading(world_datastream, (at * 7 % MESSAGES).cast_signed() as i64, value)
}

async fn deliver((order, cuts): (Vec<usize>, Vec<usize>)) -> Summary {
    let world = World::new().await;
    let station = world.station("bridge").await;
    let mut rest = order.as_slice();
    for cut in cuts.into_iter().cycle() {
        let (batch, later) = rest.split_at(cut.min(rest.len()));
        let rows = batch.iter().map(|&at| message(station.datastream, at)).collect();
        world.send(rows).await.unwrap();
        rest = later;
        if rest.is_empty() {
            break;
        }
    }
    let shown = (*world.sensors().summary(station.datastream).unwrap()).clone();
    assert_eq!(
        world.store.summaries().await.unwrap(),
        std::slice::from_ref(&shown),
        "memory is the store's"
    );
    let total = world.sensors().counts().total();
    assert_eq!((total.accepted, total.duplicate), (MESSAGES as u64, MESSAGES as u64 / 3));
    shown
}

#[test]
fn late_and_repeated_readings_end_in_the_same_state_in_any_order() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let in_order = || ((0..MESSAGES).chain(0..MESSAGES / 3).collect(), vec![1]);
    let mut expected = runtime.block_on(deliver(in_order()));
    forget_number(&mut expected);
    let mut runner = TestRunner::new(ProptestConfig::with_cases(12));
    runner
        .run(&deliveries(), |delivery| {
            let mut seen = runtime.block_on(deliver(delivery));
            forget_number(&mut seen);
            prop_assert_eq!(&seen, &expected);
            Ok(())
        })
        .unwrap();
}

/// Numbers are given in the order of arrival, and are all that may differ.
fn forget_number(summary: &mut Summary) {
    summary.latest.as_mut().unwrap().id = quartier_model::EntityId(0);
}
