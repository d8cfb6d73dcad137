//! A filter over links to many holds if it holds in one of the worlds in which every link leads to one entity only:
//! that is what a join is.

use proptest::prelude::*;
use quartier_model::EntityKind::Thing;
use serde_json::{Value as Json, json};

use super::world_test::ask;

/// Every world in which each list has one of its entities, or stays empty.
fn worlds(entity: &Json) -> Vec<Json> {
    let mut found = vec![json!({})];
    for (name, value) in entity.as_object().unwrap() {
        let values = match value.as_array() {
            Some(list) if list.is_empty() => vec![json!([])],
            Some(list) => list.iter().flat_map(worlds).map(|one| json!([one])).collect(),
            None => vec![value.clone()],
        };
        let with = |world: &Json, value: &Json| {
            let mut world = world.clone();
            world[name] = value.clone();
            world
        };
        found = found
            .iter()
            .flat_map(|world| values.iter().map(|value| with(world, value)).collect::<Vec<_>>())
            .collect();
    }
    found
}

fn small() -> impl Strategy<Value = u8> {
    0_u8..4
}

fn thing() -> impl Strategy<Value = Json> {
    let observation = small().prop_map(|result| json!({"result": result}));
    let datastream = (small(), proptest::collection::vec(observation, 0..3))
        .prop_map(|(id, observations)| json!({"@iot.id": id, "Observations": observations}));
    let location = small().prop_map(|id| json!({"@iot.id": id}));
    (
        small(),
        proptest::collection::vec(datastream, 0..3),
        proptest::collection::vec(location, 0..3),
    )
        .prop_map(|(id, datastreams, locations)| {
            json!({"@iot.id": id, "Datastreams": datastreams, "Locations": locations})
        })
}

fn filter() -> impl Strategy<Value = String> {
    let path = proptest::sample::select(vec![
        "id",
        "Datastreams/id",
        "Locations/id",
        "Datastreams/Observations/result",
    ]);
    let operator = proptest::sample::select(vec!["eq", "ne", "gt", "le"]);
    let comparison = prop_oneof![
        (path.clone(), operator.clone(), small())
            .prop_map(|(path, op, id)| format!("{path} {op} {id}")),
        (path.clone(), operator, path).prop_map(|(one, op, other)| format!("{one} {op} {other}")),
    ];
    comparison.prop_recursive(4, 12, 2, |inner| {
        prop_oneof![
            3 => (inner.clone(), inner.clone()).prop_map(|(one, other)| format!("{one} and {other}")),
            2 => (inner.clone(), inner.clone()).prop_map(|(one, other)| format!("({one} or {other})")),
            1 => inner.prop_map(|inner| format!("not ({inner})")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn a_filter_over_links_holds_if_it_holds_for_one_choice_of_entities(
        thing in thing(),
        filter in filter(),
    ) {
        let one_by_one = worlds(&thing).iter().any(|world| ask(Thing, &filter, world).is_true());
        prop_assert_eq!(ask(Thing, &filter, &thing).is_true(), one_by_one, "{} {}", filter, thing);
    }
}
