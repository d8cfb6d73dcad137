use quartier_ingest::mapping::{
    Format, Mapped, Mapping, MappingError, ReadingRule, Rejection, Target, TimeError,
};
use quartier_model::EntityId;
use serde_json::{Value, json};
use time::{OffsetDateTime, macros::datetime};

const ARRIVED: OffsetDateTime = datetime!(2024-04-10 08:00 UTC);

fn payload(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/payloads/{name}.json", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn named(thing: &str, property: &str, time: OffsetDateTime, result: Value) -> Mapped {
    Mapped {
        target: Target::ThingAndProperty { thing: thing.into(), property: property.into() },
        time,
        result,
    }
}

/// A mapping from rules as an operator writes them.
fn rules(text: &str) -> Result<Mapping, MappingError> {
    #[derive(serde::Deserialize)]
    struct Rules {
        readings: Vec<ReadingRule>,
    }
    let rules: Rules = toml::from_str(text).unwrap();
    Mapping::new(Format::Json, None, &rules.readings)
}

fn map(rules: &Mapping, topic: &str, payload: &Value) -> Result<Vec<Mapped>, Rejection> {
    rules.map(topic, payload.to_string().as_bytes(), ARRIVED)
}

#[test]
fn an_uplink_of_the_things_stack_gives_a_reading_for_each_number() {
    let mapping = Mapping::new(Format::TheThingsStack, None, &[]).unwrap();
    let topic = "v3/city-sensors@ttn/devices/air-quality-07/up";
    let time = datetime!(2024-04-10 07:15:02.596743 UTC);
    let device = "air-quality-07";
    assert_eq!(
        mapping.map(topic, &payload("the_things_stack_uplink"), ARRIVED).unwrap(),
        [
            named(device, "temperature", time, json!(21.5)),
            named(device, "humidity", time, json!(42)),
            named(device, "battery.voltage", time, json!(3.61)),
        ]
    );
    assert_eq!(mapping.map(topic, &payload("the_things_stack_join"), ARRIVED), Ok(vec![]));
    let undecoded =
        json!({"end_device_ids": {"device_id": "x"}, "uplink_message": {"frm_payload": "AQ=="}});
    let refused = map(&mapping, topic, &undecoded).unwrap_err();
    assert!(refused.to_string().contains("payload formatter"), "{refused}");
}

#[test]
fn an_uplink_of_chirpstack_gives_a_reading_for_each_number() {
    let mapping = Mapping::new(Format::Chirpstack, None, &[]).unwrap();
    let time = datetime!(2024-04-10 07:34:15.775023242 UTC);
    let device = "0101010101010101";
    let expected = [
        named(device, "level_cm", time, json!(83.5)),
        named(device, "radar.echo", time, json!(-12)),
    ];
    assert_eq!(
        mapping
            .map("application/17c8/device/0101/event/up", &payload("chirpstack_up"), ARRIVED)
            .unwrap(),
        expected
    );
    assert_eq!(
        mapping.map(
            "application/17c8/device/0101/event/join",
            &payload("chirpstack_join"),
            ARRIVED
        ),
        Ok(vec![])
    );
    let by_name = Mapping::new(Format::Chirpstack, Some("$.deviceInfo.deviceName"), &[]).unwrap();
    let readings = by_name.map("x", &payload("chirpstack_up"), ARRIVED).unwrap();
    assert_eq!(readings[0], named("Pegel Aa Mitte", "level_cm", time, json!(83.5)));
}

#[test]
fn a_rule_names_thing_and_property_by_the_topic() {
    let rules = rules(
        r#"
        [[readings]]
        topic = "city/{device}/{property}"
        thing = "Station {device}"
        property = "{property}"
        value = "$.value"
        time = "$.at"
        time_zone = "Europe/Berlin"
        scale = 0.1
        offset = -40
        "#,
    );
    let rules = rules.unwrap();
    let readings =
        map(&rules, "city/07/temperature", &json!({"value": 615, "at": "2024-04-10 09:30"}))
            .unwrap();
    assert_eq!(
        readings,
        [named("Station 07", "temperature", datetime!(2024-04-10 07:30 UTC), json!(21.5))]
    );
    let text = map(&rules, "city/07/temperature", &json!({"value": " 615 ", "at": 1_712_734_200}));
    assert_eq!(text.unwrap(), readings, "numbers may come as text where they are scaled");
}

#[test]
fn a_plain_number_goes_to_a_datastream() {
    let rules = rules("[[readings]]\ndatastream = 17").unwrap();
    let expected =
        Mapped { target: Target::Datastream(EntityId(17)), time: ARRIVED, result: json!(21.5) };
    assert_eq!(rules.map("any", b" 21.5\n", ARRIVED), Ok(vec![expected]));
    assert!(matches!(rules.map("any", b"21,5", ARRIVED), Err(Rejection::NotJson(_))));
    assert!(matches!(rules.map("any", b"\xff", ARRIVED), Err(Rejection::NotJson(_))));
    let nested = "[".repeat(100_000);
    assert!(matches!(rules.map("any", nested.as_bytes(), ARRIVED), Err(Rejection::NotJson(_))));
}

#[test]
fn several_rules_read_one_message_and_what_is_missing_is_left_out() {
    let rules = rules(
        r#"
        readings = [
            { datastream = 1, value = "$.t" },
            { datastream = 2, value = "$.h" },
            { datastream = 3, value = "$.p", topic = "other/#" },
        ]
        "#,
    );
    let rules = rules.unwrap();
    let ids = |payload: Value| {
        map(&rules, "x", &payload).map(|readings| {
            readings.into_iter().map(|reading| (reading.target, reading.result)).collect::<Vec<_>>()
        })
    };
    let datastream = |id, value: Value| (Target::Datastream(EntityId(id)), value);
    assert_eq!(
        ids(json!({"t": 1, "h": 2, "p": 3})),
        Ok(vec![datastream(1, json!(1)), datastream(2, json!(2))])
    );
    assert_eq!(ids(json!({"t": null, "h": 2})), Ok(vec![datastream(2, json!(2))]));
    assert_eq!(ids(json!({"p": 3})), Err(Rejection::Missing("$.h".into())));
}

#[test]
fn each_part_of_a_message_is_a_reading_of_its_own() {
    let rules = rules(
        r#"
        [[readings]]
        each = "$.counts[?@.kind == 'bicycle']"
        thing = "$.counter"
        property = "bicycles"
        value = "$.n"
        time = "$.at"
        "#,
    );
    let rules = rules.unwrap();
    let message = json!({"counts": [
        {"counter": "Wolbecker", "kind": "bicycle", "n": 12, "at": "2024-04-10T07:00:00Z"},
        {"counter": "Wolbecker", "kind": "car", "n": 80, "at": "2024-04-10T07:00:00Z"},
        {"counter": 4, "kind": "bicycle", "n": 7, "at": "2024-04-10T07:15:00Z"},
    ]});
    assert_eq!(
        map(&rules, "x", &message).unwrap(),
        [
            named("Wolbecker", "bicycles", datetime!(2024-04-10 07:00 UTC), json!(12)),
            named("4", "bicycles", datetime!(2024-04-10 07:15 UTC), json!(7)),
        ]
    );
    let many: Vec<Value> =
        (0..2_001).map(|n| json!({"counter": "c", "kind": "bicycle", "n": n, "at": 1})).collect();
    assert_eq!(map(&rules, "x", &json!({"counts": many})), Err(Rejection::TooMany));
}

#[test]
fn what_cannot_be_mapped_is_named() {
    let text = r#"readings = [{ topic = "a/{d}", thing = "{d}", property = "$.what", value = "$..v", time = "$.at", scale = 2 }]"#;
    let rules = rules(text).unwrap();
    let cases = [
        ("b/x", json!({}), Rejection::NoRule),
        ("a/x", json!({}), Rejection::Missing("$..v".into())),
        ("a/x", json!({"v": 1, "b": {"v": 2}}), Rejection::Several("$..v".into())),
        ("a/x", json!({"v": "warm"}), Rejection::NotANumber("$..v".into())),
        ("a/x", json!({"v": 1e308}), Rejection::NotANumber("$..v".into())),
        ("a/x", json!({"v": 1, "at": 1, "what": true}), Rejection::NotAName("$.what".into())),
        (
            "a/x",
            json!({"v": 1, "at": "2024-04-10T07:00:00", "what": "t"}),
            Rejection::Time(TimeError::NoZone("2024-04-10T07:00:00".into())),
        ),
    ];
    for (topic, payload, expected) in cases {
        assert_eq!(map(&rules, topic, &payload), Err(expected), "{topic} {payload}");
    }
}

#[test]
fn rules_that_cannot_work_are_refused_at_the_start() {
    let cases = [
        ("readings = []", "needs at least one"),
        ("readings = [{ value = '$.x' }]", "either a `datastream` or"),
        (
            "readings = [{ datastream = 1, thing = 'x', property = 'y' }]",
            "either a `datastream` or",
        ),
        ("readings = [{ thing = '{d}', property = 'y', topic = 'a/+' }]", "does not capture"),
        ("readings = [{ thing = '{d', property = 'y', topic = 'a/{d}' }]", "without }"),
        ("readings = [{ datastream = 1, topic = 'a/#/b' }]", "alone in the last level"),
        ("readings = [{ datastream = 1, value = '$.[' }]", "no JSON path"),
        ("readings = [{ datastream = 1, time_zone = 'Middle/Earth' }]", "no time zone of"),
    ];
    for (text, part) in cases {
        let error = rules(text).expect_err(text).to_string();
        assert!(error.contains(part) || error.contains("not a time zone"), "{text}: {error}");
    }
    let deep = format!("readings = [{{ datastream = 1, value = '${}' }}]", "[?(@".repeat(1_000));
    assert!(rules(&deep).unwrap_err().to_string().contains("longer than"));
    assert!(Mapping::new(Format::Chirpstack, None, &[ReadingRule::default()]).is_err());
    assert!(Mapping::new(Format::Json, Some("x"), &[]).is_err());
}
