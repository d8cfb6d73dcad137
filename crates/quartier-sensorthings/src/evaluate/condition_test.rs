use proptest::prelude::*;
use quartier_model::EntityKind::{Location, Observation, Thing};
use serde_json::{Value as Json, json};

use super::{
    Condition, Narrowed, Sorting,
    Truth::{self, False, Null, True, Unknown},
    world_test::{NOW, Sample, ask, observation, station},
};
use crate::{
    expression::round_trip_test::of_some_kind,
    options::{Direction, Options, Order},
};

fn of_station(filter: &str) -> Truth {
    ask(Thing, filter, &station())
}

fn of_result(filter: &str, result: &Json) -> Truth {
    ask(Observation, filter, &observation(result))
}

#[test]
fn masterportals_filter_finds_its_station() {
    let filter = |area: &str| {
        format!(
            "startswith(Things/name,'X') and st_intersects(Locations/location,geography'{area}')"
        )
    };
    assert_eq!(of_station(&filter("POLYGON ((7 51,8 51,8 52,7 52,7 51))")), True);
    assert_eq!(of_station(&filter("POLYGON ((8 51,9 51,9 52,8 52,8 51))")), False);
}

#[test]
fn what_qgis_asks_of_locations_is_answered() {
    let by_type = "location/type eq 'Point' or location/geometry/type eq 'Point'";
    let point = json!({"location": {"type": "Point", "coordinates": [7.5, 51.9]}});
    let feature = json!({"location": {"type": "Feature", "geometry": point["location"]}});
    let line = json!({"location": {"type": "LineString", "coordinates": [[7.5, 51.9], [7.6, 52]]}});
    let extent = "geo.intersects(location, geography'POLYGON((7.4 51.8, 7.55 51.8, 7.55 51.95, 7.4 51.95, 7.4 51.8))')";
    for (location, is_point) in [(&point, True), (&feature, True), (&line, False)] {
        assert_eq!(ask(Location, by_type, location), is_point);
        assert_eq!(ask(Location, extent, location), True);
    }
    assert_eq!(ask(Location, "location/coordinates/0 lt 7.55", &point), True);
}

#[test]
fn the_last_day_is_counted_from_now() {
    let filter = "resultTime gt now() sub duration'PT24H'";
    assert_eq!(of_result(filter, &json!(1)), True);
    assert_eq!(of_result("resultTime gt now() sub duration'PT30M'", &json!(1)), False);
    assert_eq!(of_result("now() sub resultTime lt duration'PT1H'", &json!(1)), True);
}

#[test]
fn a_result_is_compared_with_its_own_kind_only() {
    for (filter, number, text, nothing) in [
        ("result eq 5", True, False, False),
        ("result eq '5'", False, True, False),
        ("result ne '5'", True, False, True),
        ("result gt 4.5", True, Null, Null),
        ("result gt '4'", Null, True, Null),
        ("not (result gt 4.5)", False, Null, Null),
        ("result eq null", False, False, True),
        ("result add 1 eq 6", True, False, False),
        ("result in (1, 5)", True, False, False),
        ("contains(result, '5')", Null, True, Null),
    ] {
        let answers = [json!(5), json!("5"), json!(null)].map(|result| of_result(filter, &result));
        assert_eq!(answers, [number, text, nothing], "{filter}");
    }
    assert_eq!(of_result("result/a[0] eq 1", &json!({"a": [1]})), True);
    assert_eq!(of_result("result eq true", &json!(true)), True);
    assert_eq!(of_result("result", &json!(true)), True);
}

#[test]
fn what_is_asked_of_one_link_is_asked_of_one_entity() {
    assert_eq!(of_station("Datastreams/name eq 'O3' and Datastreams/id eq 6"), True);
    assert_eq!(of_station("Datastreams/name eq 'O3' and Datastreams/id eq 5"), False);
    assert_eq!(
        of_station("Datastreams/name eq 'NO2' and Datastreams/Observations/result gt 40"),
        True
    );
    assert_eq!(
        of_station("Datastreams/name eq 'O3' and Datastreams/Observations/result gt 40"),
        Null
    );
    assert_eq!(of_station("Datastreams/name eq 'O3' or Locations/name eq 'nowhere'"), True);
    assert_eq!(of_station("Datastreams/name eq Datastreams/ObservedProperty/name"), True);
    assert_eq!(
        of_station(
            "Datastreams/name eq 'O3' and Datastreams/id lt Locations/id and Locations/id eq 3"
        ),
        False
    );
}

#[test]
fn any_is_asked_of_each_entity_anew() {
    let has = |name: &str| format!("Datastreams/any(d: d/ObservedProperty/name eq '{name}')");
    assert_eq!(of_station(&format!("{} and {}", has("NO2"), has("O3"))), True);
    assert_eq!(of_station(&format!("{} and {}", has("NO2"), has("PM10"))), False);
    assert_eq!(of_station(&format!("not {}", has("PM10"))), True);
    let above = "Datastreams/any(d: d/Observations/any(o: o/phenomenonTime ge now() sub duration'PT2H' and o/result gt d/properties/limit))";
    assert_eq!(of_station(above), True);
    assert_eq!(of_station(&above.replace("PT2H", "PT10M")), False);
    assert_eq!(of_station("Datastreams/any(d: d/id gt Locations/id)"), True);
    assert_eq!(of_station("Datastreams/Observations/any(o: o/result eq 'defekt')"), True);
    assert_eq!(ask(Thing, "Datastreams/any(d: true)", &json!({})), False);
}

#[test]
fn without_entities_behind_a_link_their_properties_are_null() {
    let bare = json!({"name": "leer"});
    assert_eq!(ask(Thing, "Datastreams/name eq null", &bare), True);
    assert_eq!(ask(Thing, "Datastreams/name eq 'x' or name eq 'leer'", &bare), True);
    assert_eq!(ask(Thing, "startswith(Datastreams/name, 'x')", &bare), Null);
    assert_eq!(ask(Observation, "Datastream/Thing/name eq 'x'", &json!({})), False);
}

#[test]
fn json_has_numbers_texts_times_and_lists() {
    for filter in [
        "properties/floor eq 2",
        "properties/floor lt 2.5",
        "'luft' in properties/tags",
        "properties/tags[1] eq 'stadt'",
        "properties/tags/1 eq 'stadt'",
        "properties/opened lt 2021-01-01T00:00:00Z",
        "year(properties/opened) eq 2020",
        "properties/nothing eq null",
        "properties/missing eq null",
        "properties/floor in (1, 2, 3)",
    ] {
        assert_eq!(of_station(filter), True, "{filter}");
    }
    assert_eq!(of_station("'wasser' in properties/tags"), False);
    assert_eq!(of_station("properties/floor eq '2'"), False);
}

#[test]
fn an_id_may_be_written_as_a_text() {
    assert_eq!(of_result("FeatureOfInterest/id eq '9'", &json!(1)), True);
    assert_eq!(of_result("'9' ne FeatureOfInterest/@iot.id", &json!(1)), False);
    assert_eq!(of_result("id in ('50', '51')", &json!(1)), True);
    assert_eq!(of_result("id eq 'x'", &json!(1)), False);
}

#[test]
fn what_is_not_known_yet_is_not_taken_for_false() {
    let open = json!({
        "result": "unknown", "phenomenonTime": "unknown", "FeatureOfInterest": "unknown",
        "Datastream": {"@iot.id": 5, "name": "NO2"},
    });
    for (filter, truth) in [
        ("Datastream/id eq 5 and result gt 3", Unknown),
        ("Datastream/id eq 6 and result gt 3", False),
        ("Datastream/id eq 5 or result gt 3", True),
        ("Datastream/id eq 6 or result gt 3", Unknown),
        ("not (Datastream/id eq 6 or result gt 3)", Unknown),
        ("result in (1, 2)", Unknown),
        ("result eq null", Unknown),
        ("contains(concat(result, 'x'), 'y')", Unknown),
        ("round(result) eq 1", Unknown),
        ("substring(result, 1, 2) eq 'a'", Unknown),
        ("during(phenomenonTime, 2026-05-01T00:00:00Z/2026-06-01T00:00:00Z)", Unknown),
        (
            "st_within(FeatureOfInterest/feature, geography'POLYGON ((0 0, 1 0, 1 1, 0 0))')",
            Unknown,
        ),
        ("FeatureOfInterest/name eq 'x'", Unknown),
        ("FeatureOfInterest/Observations/result gt 1", Unknown),
    ] {
        assert_eq!(ask(Observation, filter, &open), truth, "{filter}");
    }
}

#[test]
fn an_order_has_typed_values_with_null_last() {
    let order = |query: &str| {
        let options = Options::parse(query, Observation).unwrap();
        let sorting = Sorting::new(&options.order, NOW);
        let results = [json!(null), json!("b"), json!(10), json!(9.5), json!("a"), json!(true)];
        let mut entities: Vec<Json> =
            results.into_iter().map(|result| json!({"result": result})).collect();
        entities.sort_by(|one, other| {
            sorting.compare(&sorting.key(&Sample(one)), &sorting.key(&Sample(other)))
        });
        entities.iter().map(|entity| entity["result"].to_string()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(order("$orderby=result"), r#"9.5 10 "a" "b" true null"#);
    assert_eq!(order("$orderby=result desc"), r#"null true "b" "a" 10 9.5"#);
}

#[test]
fn an_order_takes_the_first_of_many() {
    let options = Options::parse("$orderby=Datastreams/Observations/id desc,name", Thing).unwrap();
    let sorting = Sorting::new(&options.order, NOW);
    let (one, other) = (station(), json!({"Datastreams": [{"Observations": [{"@iot.id": 60}]}]}));
    let keys = (sorting.key(&Sample(&one)), sorting.key(&Sample(&other)));
    assert!(sorting.compare(&keys.0, &keys.1).is_lt());
    let none = sorting.key(&Sample(&json!({})));
    assert!(sorting.compare(&none, &keys.0).is_lt());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_expression_comes_to_something((_, expr) in of_some_kind()) {
        for entity in [station(), observation(&json!("5")), json!({})] {
            let truth = Condition::new(&expr, NOW).holds(&Sample(&entity));
            prop_assert_ne!(truth, Unknown);
            let order = [Order { by: expr.clone(), direction: Direction::Descending }];
            let sorting = Sorting::new(&order, NOW);
            let key = sorting.key(&Sample(&entity));
            prop_assert!(sorting.compare(&key, &key).is_eq());
        }
        let _ = Narrowed::new(&expr, NOW);
    }
}
