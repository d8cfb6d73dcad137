use std::collections::BTreeSet;

use proptest::prelude::*;
use quartier_model::{Channel, Place, Properties, Unit};
use serde_json::Value;
use time::Duration;

use super::*;

/// Entities of few numbers, so that they replace and refer to each other all the time.
fn id() -> impl Strategy<Value = EntityId> {
    (1_u64..5).prop_map(EntityId)
}

fn entity() -> impl Strategy<Value = Entity> {
    (0_u8..4, id(), id(), id(), proptest::collection::vec(id(), 0..3)).prop_map(
        |(kind, id, one, two, some)| match kind {
            0 => thing(id, some),
            1 => location(id, Some(one).filter(|_| two.0 % 2 == 0)),
            2 => Entity::HistoricalLocation(HistoricalLocation {
                id,
                time: OffsetDateTime::UNIX_EPOCH + Duration::hours(two.0.cast_signed()),
                thing: one,
                locations: some,
            }),
            _ => datastream(id, one, two, some),
        },
    )
}

fn thing(id: EntityId, locations: Vec<EntityId>) -> Entity {
    let (name, description) = (String::new(), String::new());
    Entity::Thing(Thing { id, name, description, properties: Properties::new(), locations })
}

fn location(id: EntityId, feature: Option<EntityId>) -> Entity {
    Entity::Location(Location {
        id,
        name: String::new(),
        description: String::new(),
        encoding: String::new(),
        place: Place { sent: Value::Null, degrees: None, working: None },
        properties: Properties::new(),
        feature,
    })
}

fn datastream(id: EntityId, thing: EntityId, sensor: EntityId, of: Vec<EntityId>) -> Entity {
    let channel = |observed_property| Channel {
        observed_property,
        observation_type: String::new(),
        unit: Unit::default(),
    };
    Entity::Datastream(Datastream {
        id,
        name: String::new(),
        description: String::new(),
        thing,
        sensor,
        is_multi: id.0.is_multiple_of(2),
        channels: of.into_iter().map(channel).collect(),
        properties: Properties::new(),
    })
}

fn ids(all: impl Iterator<Item = EntityId>) -> BTreeSet<EntityId> {
    all.collect()
}

fn agree(catalogue: &Catalogue, parent: EntityId) {
    let things = catalogue.things.values().filter(|it| it.locations.contains(&parent));
    assert_eq!(ids(catalogue.things_at(parent)), ids(things.map(|it| it.id)));
    let stays = || catalogue.historical_locations.values();
    let history: Vec<_> = catalogue.history_of(parent).collect();
    assert_eq!(
        ids(history.iter().copied()),
        ids(stays().filter(|it| it.thing == parent).map(|it| it.id))
    );
    assert!(history.is_sorted_by_key(|id| catalogue.historical_locations[id].time));
    let at = stays().filter(|it| it.locations.contains(&parent));
    assert_eq!(ids(catalogue.history_at(parent)), ids(at.map(|it| it.id)));
    let streams = || catalogue.datastreams.values();
    let of = streams().filter(|it| it.thing == parent).map(|it| it.id);
    assert_eq!(ids(catalogue.datastreams_of(parent)), ids(of));
    let by = streams().filter(|it| it.sensor == parent).map(|it| it.id);
    assert_eq!(ids(catalogue.datastreams_by(parent)), ids(by));
    let measures = |it: &&Arc<Datastream>| {
        it.channels.iter().any(|channel| channel.observed_property == parent)
    };
    let about = streams().filter(measures).map(|it| it.id);
    assert_eq!(ids(catalogue.datastreams_for(parent)), ids(about));
    let behind = catalogue.locations.values().filter(|it| it.feature == Some(parent));
    assert_eq!(ids(catalogue.locations_behind(parent)), ids(behind.map(|it| it.id)));
}

proptest! {
    #[test]
    fn every_way_back_agrees_with_a_look_at_everything(
        steps in proptest::collection::vec((entity(), proptest::bool::weighted(0.3)), 1..60),
    ) {
        let mut catalogue = Catalogue::default();
        for (entity, is_removed) in steps {
            let (kind, id) = (entity.kind(), entity.id());
            catalogue.put(entity);
            if is_removed {
                catalogue.remove(kind, id);
            }
        }
        (1..5).for_each(|parent| agree(&catalogue, EntityId(parent)));
    }
}
