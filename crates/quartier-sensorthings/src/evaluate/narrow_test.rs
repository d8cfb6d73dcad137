//! What is asked of the store and of the catalogue, against asking every observation everything.

use proptest::prelude::*;
use quartier_model::{
    EntityId,
    EntityKind::{Observation, Thing},
};
use quartier_store::{Bounds, ObservationFilter};
use serde_json::{Value as Json, json};
use time::{Duration, OffsetDateTime, macros::datetime};

use super::{
    Condition, Facts as _, Narrowed, Truth, Value,
    world_test::{NOW, Sample},
};
use crate::{
    expression::{Expr, parse_condition},
    path::Property,
};

fn narrowed(filter: &str) -> Narrowed {
    Narrowed::new(&parse_condition(filter, Observation).unwrap(), NOW)
}

#[test]
fn bounds_of_ids_times_and_numbers_go_to_the_store() {
    let narrowed = narrowed(
        "phenomenonTime ge 2026-05-01T00:00:00Z and phenomenonTime lt 2026-05-02T00:00:00Z \
         and result gt 5 and result le 10 and id in (7, 3, 3) and resultTime gt now() sub duration'PT24H'",
    );
    let (first, last) = (datetime!(2026-05-01 0:00 UTC), datetime!(2026-05-02 0:00 UTC));
    let step = Duration::MICROSECOND;
    let filter = ObservationFilter {
        ids: Some(vec![EntityId(3), EntityId(7)]),
        phenomenon_start: Bounds { min: Some(first), max: Some(last - step) },
        phenomenon_end: Bounds { min: Some(first), max: Some(last) },
        result_time: Bounds { min: Some(NOW - Duration::DAY + step), max: None },
        result: Bounds { min: Some(5.0_f64.next_up()), max: Some(10.0) },
        ..ObservationFilter::default()
    };
    assert_eq!(narrowed.filter, filter);
    assert!(narrowed.residual.is_none() && narrowed.of_datastream.is_none());
}

#[test]
fn what_hangs_on_the_datastream_or_the_feature_alone_is_asked_of_those() {
    let narrowed = narrowed(
        "Datastream/id eq 5 and startswith(Datastream/Thing/name, 'X') and result gt 5 and \
         (MultiDatastream/id eq null or Datastream/Thing/Locations/name eq 'x') and \
         st_within(FeatureOfInterest/feature, geography'POLYGON ((7 51, 8 51, 8 52, 7 51))')",
    );
    assert_eq!(narrowed.of_datastream.unwrap().nodes.len(), 3);
    assert_eq!(narrowed.of_feature.unwrap().nodes.len(), 1);
    assert!(narrowed.residual.is_none());
    assert_eq!(narrowed.filter.datastreams, Some(vec![EntityId(5)]));
}

#[test]
fn alternatives_are_a_range_around_them_and_a_question() {
    let either = narrowed("result lt 1 and result gt -3 or result eq 7");
    assert_eq!(either.filter.result, Bounds { min: Some((-3.0_f64).next_up()), max: Some(7.0) });
    assert!(either.residual.is_some());
    let ids = narrowed("id eq 1 or id eq 2 or id in (9)");
    assert_eq!(ids.filter.ids.unwrap().len(), 3);
    assert!(ids.residual.is_none());
    let mixed =
        narrowed("Datastream/id eq 1 and result gt 3 or Datastream/id eq 2 and result gt 5");
    assert_eq!(mixed.filter.datastreams.unwrap().len(), 2);
    assert_eq!(mixed.filter.result.min, Some(3.0_f64.next_up()));
}

#[test]
fn a_contradiction_is_seen() {
    for filter in [
        "result gt 5 and result lt 5",
        "id eq 1 and id eq 2",
        "id eq -1",
        "resultTime gt now() and resultTime lt now()",
    ] {
        assert!(narrowed(filter).is_impossible, "{filter}");
    }
    assert!(!narrowed("result ge 5 and result le 5").is_impossible);
}

#[test]
fn a_condition_on_things_says_which_observations_can_matter() {
    let glimpse =
        |filter: &str| Condition::new(&parse_condition(filter, Thing).unwrap(), NOW).glimpse();
    let hour = "Datastreams/Observations/phenomenonTime gt now() sub duration'PT1H'";
    let start = Some(NOW - Duration::HOUR + Duration::MICROSECOND);
    assert_eq!(glimpse(hour).phenomenon_start.min, start);
    assert_eq!(glimpse(&format!("{hour} and name eq 'x'")).phenomenon_start.min, start);
    let any = "Datastreams/any(d: d/Observations/any(o: o/result gt 3))";
    assert_eq!(glimpse(any).result.min, Some(3.0_f64.next_up()));
    assert_eq!(glimpse(&format!("{any} or {hour}")), ObservationFilter::default());
    assert_eq!(glimpse("not (Datastreams/Observations/result gt 3)"), ObservationFilter::default());
}

/// Whether the store would give this observation.
fn gives(filter: &ObservationFilter, entity: &Json) -> bool {
    let sample = Sample(entity);
    let id = |json: &Json| EntityId(json["@iot.id"].as_u64().unwrap());
    let listed = |ids: &Option<Vec<EntityId>>, id: EntityId| {
        ids.as_ref().is_none_or(|ids| ids.contains(&id))
    };
    let (start, end) = match sample.value(Property::PhenomenonTime, &[]) {
        Value::Interval(period) => (period.start(), period.end()),
        Value::Instant(at) => (at, at),
        other => panic!("{other:?}"),
    };
    let result_time = match sample.value(Property::ResultTime, &[]) {
        Value::Instant(at) => Some(at),
        _ => None,
    };
    listed(&filter.ids, id(entity))
        && listed(&filter.datastreams, id(&entity["Datastream"]))
        && listed(&filter.features, id(&entity["FeatureOfInterest"]))
        && lies(filter.phenomenon_start, Some(start))
        && lies(filter.phenomenon_end, Some(end))
        && lies(filter.result_time, result_time)
        && lies(filter.result, entity["result"].as_f64())
}

fn lies<T: PartialOrd + Copy>(bounds: Bounds<T>, value: Option<T>) -> bool {
    match value {
        Some(value) => {
            bounds.min.is_none_or(|min| value >= min) && bounds.max.is_none_or(|max| value <= max)
        }
        None => bounds.min.is_none() && bounds.max.is_none(),
    }
}

fn entity() -> impl Strategy<Value = Json> {
    let hour = |hour: u8| format!("2026-05-02T{hour:02}:00:00Z");
    let result = prop_oneof![
        3 => (-2_i8..6).prop_map(|number| json!(number)),
        1 => proptest::sample::select(vec![json!("3"), json!(null), json!(true), json!([3])]),
    ];
    (1_u64..5, 1_u64..4, 1_u64..4, 8_u8..14, 0_u8..3, proptest::option::of(8_u8..14), result)
        .prop_map(move |(id, datastream, feature, start, length, result_time, result)| {
            let mut entity = json!({
                "@iot.id": id, "result": result, "phenomenonTime": hour(start),
                "Datastream": {"@iot.id": datastream, "name": format!("d{datastream}")},
                "FeatureOfInterest": {"@iot.id": feature, "name": format!("f{feature}")},
            });
            if length > 0 {
                entity["phenomenonTime"] =
                    json!(format!("{}/{}", hour(start), hour(start + length)));
            }
            if let Some(result_time) = result_time {
                entity["resultTime"] = json!(hour(result_time));
            }
            entity
        })
}

fn comparison() -> impl Strategy<Value = String> {
    let operator = proptest::sample::select(vec!["eq", "ne", "gt", "ge", "lt", "le"]);
    let time = prop_oneof![
        (8_u8..16).prop_map(|hour| format!("2026-05-02T{hour:02}:00:00Z")),
        (8_u8..14, 0_u8..3)
            .prop_map(|(hour, length)| format!("2026-05-02T{hour:02}:00:00Z/PT{length}H")),
        Just("now() sub duration'PT1H'".to_owned()),
        Just("2026-05-02".to_owned()),
    ];
    let relation = proptest::sample::select(vec![
        "before", "after", "during", "overlaps", "meets", "starts", "finishes",
    ]);
    let when = proptest::sample::select(vec!["phenomenonTime", "resultTime"]);
    let (when_also, operator_also) = (when.clone(), operator.clone());
    prop_oneof![
        (when.clone(), operator.clone(), time.clone())
            .prop_map(|(path, op, time)| format!("{path} {op} {time}")),
        (when.clone(), operator.clone(), time.clone())
            .prop_map(|(path, op, time)| format!("{time} {op} {path}")),
        (when, relation, time)
            .prop_map(|(path, relation, time)| format!("{relation}({path}, {time})")),
        (operator.clone(), -2_i8..6).prop_map(|(op, number)| format!("result {op} {number}")),
        (operator.clone(), 0_u64..5).prop_map(|(op, id)| format!("id {op} {id}")),
        (operator.clone(), 1_u64..4).prop_map(|(op, id)| format!("Datastream/id {op} {id}")),
        (operator, 1_u64..4).prop_map(|(op, id)| format!("FeatureOfInterest/name {op} 'f{id}'")),
        proptest::collection::vec(0_u64..5, 1..3)
            .prop_map(|ids| format!("id in {ids:?}").replace('[', "(").replace(']', ")")),
        Just("Datastream/name eq FeatureOfInterest/name".to_owned()),
        Just("result eq '3'".to_owned()),
        (when_also, operator_also.clone(), 1_u8..4)
            .prop_map(|(path, op, day)| format!("date({path}) {op} 2026-05-0{day}")),
        (operator_also, 2025_i32..2028)
            .prop_map(|(op, year)| format!("{year} {op} year(resultTime)")),
    ]
}

fn filter() -> impl Strategy<Value = Expr> {
    let text = comparison().prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            3 => (inner.clone(), inner.clone()).prop_map(|(one, other)| format!("{one} and {other}")),
            2 => (inner.clone(), inner.clone()).prop_map(|(one, other)| format!("({one} or {other})")),
            1 => inner.prop_map(|inner| format!("not ({inner})")),
        ]
    });
    text.prop_map(|text| parse_condition(&text, Observation).unwrap())
}

/// The entity as it is known before it is read: by its datastream alone.
fn outline(entity: &Json) -> Json {
    json!({
        "@iot.id": "unknown", "result": "unknown", "phenomenonTime": "unknown", "resultTime": "unknown",
        "Datastream": entity["Datastream"], "FeatureOfInterest": "unknown",
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn the_parts_of_a_filter_say_what_the_whole_says(
        filter in filter(),
        entities in proptest::collection::vec(entity(), 8),
    ) {
        let whole = Condition::new(&filter, NOW);
        let narrowed = Narrowed::new(&filter, NOW);
        let asked = |part: &Option<Condition>, entity: &Json| {
            part.as_ref().is_none_or(|part| part.holds(&Sample(entity)).is_true())
        };
        for entity in &entities {
            let holds = whole.holds(&Sample(entity));
            let parts = gives(&narrowed.filter, entity)
                && asked(&narrowed.of_datastream, entity)
                && asked(&narrowed.of_feature, entity)
                && asked(&narrowed.residual, entity);
            prop_assert_eq!(holds.is_true(), parts, "{} {}", filter, entity);
            prop_assert!(!(narrowed.is_impossible && holds.is_true()), "{}", filter);
        }
    }

    #[test]
    fn what_is_said_before_all_is_known_stays_true(filter in filter(), entity in entity()) {
        let condition = Condition::new(&filter, NOW);
        let before = condition.holds(&Sample(&outline(&entity)));
        let after = condition.holds(&Sample(&entity));
        prop_assert!(before == Truth::Unknown || before == after, "{} {:?} {:?}", filter, before, after);
    }

    #[test]
    fn a_printed_filter_means_the_same(filter in filter(), entity in entity()) {
        let again = parse_condition(&filter.to_string(), Observation).unwrap();
        let holds = |filter: &Expr| Condition::new(filter, NOW).holds(&Sample(&entity));
        prop_assert_eq!(holds(&filter), holds(&again));
    }
}

/// The year 9999 has no later instant, and nothing is computed past it.
#[test]
fn bounds_at_the_end_of_the_calendar_are_none() {
    for filter in ["phenomenonTime gt maxdatetime()", "phenomenonTime lt mindatetime()"] {
        let bounds: Bounds<OffsetDateTime> = narrowed(filter).filter.phenomenon_start;
        assert!(bounds.min.is_none() || bounds.min > Some(NOW));
    }
}
