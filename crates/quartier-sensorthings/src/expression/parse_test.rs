use quartier_model::EntityKind::{self, Datastream, Location, Observation, Thing};

use super::{DEPTH_MAX, Expr, LENGTH_MAX, parse_condition, parse_order};

fn filter(kind: EntityKind, text: &str) -> Expr {
    parse_condition(text, kind).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn refusal(kind: EntityKind, text: &str) -> String {
    match parse_condition(text, kind) {
        Ok(expr) => panic!("{text} is read as {expr}"),
        Err(error) => error.to_string(),
    }
}

/// Both read as the same.
fn same(one: &str, other: &str) {
    assert_eq!(filter(Observation, one), filter(Observation, other), "{one}");
}

#[test]
fn operators_bind_as_odata_says() {
    same(
        "result eq 1 or result eq 2 and result eq 3",
        "result eq 1 or (result eq 2 and result eq 3)",
    );
    same("not result and result", "(not result) and result");
    same("not (result eq 1) or result", "(not (result eq 1)) or result");
    same("result add 1 mul 2 gt 5", "(result add (1 mul 2)) gt 5");
    same("result sub 1 sub 2 gt 5", "((result sub 1) sub 2) gt 5");
    same("result gt 5 eq true", "(result gt 5) eq true");
    same("-result mul 2 lt 5", "((-result) mul 2) lt 5");
    same("result in (1,2) and result gt 1", "(result in (1, 2)) and (result gt 1)");
    same("result mod 4 div 2 eq 1", "((result mod 4) div 2) eq 1");
}

#[test]
fn what_prints_reads_as_the_same() {
    for (kind, text) in [
        (
            Thing,
            "startswith(name, 'X') and st_intersects(Locations/location, geography'POINT (7.5 51.9)')",
        ),
        (Location, "location/type eq 'Point' or location/geometry/type eq 'Point'"),
        (Observation, "resultTime gt now() sub duration'P0MT86400.000000000S'"),
        (
            Thing,
            "Datastreams/any(v0: v0/name eq 'it''s' and v0/Observations/any(v1: v1/result gt v0/properties/limit))",
        ),
        (Thing, "'x' in properties/tags[0]"),
        (Observation, "phenomenonTime lt 2026-01-01T00:00:00Z/2026-02-01T00:00:00Z"),
        (Observation, "-(5) eq result and --result eq 5"),
    ] {
        let text = text.to_owned();
        assert_eq!(filter(kind, &text).to_string(), text);
    }
}

#[test]
fn an_error_says_where_and_what() {
    for (text, message) in [
        ("nam eq 'x'", "at character 1: `nam` is neither a property nor a link of Datastreams"),
        ("name eq 'x' and ", "at character 17: a value was expected, not the end"),
        ("name eq 'x' name", "at character 13: an operator such as `and` was expected, not `name`"),
        ("(name eq 'x'", "at character 13: `)` was expected, not the end"),
        ("nosuch(name)", "at character 1: `nosuch` is no function"),
        ("length(name,2) eq 1", "at character 1: `length` takes 1 arguments, not 2"),
        ("round() eq 1", "at character 1: `round` takes 1 arguments, not 0"),
        (
            "name",
            "at character 1: `name` is neither true nor false: compare it, with parentheses after `not`",
        ),
        (
            "st_within(observedArea, 'POINT(1 2)')",
            "at character 1: `st_within` takes geometries such as geography'POINT (7 51)', not 'POINT(1 2)'",
        ),
        (
            "phenomenonTime gt 2026-01-01T00:00:00",
            "at character 19: `2026-01-01T00:00:00` has no time zone: write Z or +01:00 behind it",
        ),
        ("all(name)", "at character 1: `all` is no function"),
    ] {
        assert_eq!(refusal(Datastream, text), message);
    }
    assert!(refusal(Observation, "result eq 1 and result add 1").contains("`result add 1`"));
    assert!(refusal(Location, "st_relate(location, location, 'T**')").contains("nine"));
    assert!(refusal(Thing, "name/any(d: true)").contains("no link"));
    assert!(refusal(Thing, "Datastreams/any(d: e/name eq 'x')").contains("`e`"));
}

#[test]
fn an_expression_that_is_too_deep_is_refused() {
    let deep = 10_000;
    for text in [
        format!("{}result{}", "(".repeat(deep), ")".repeat(deep)),
        format!("{}result", "not ".repeat(deep)),
        format!("{}result eq 1", "-".repeat(deep)),
        format!("result{} eq 1", " add 1".repeat(deep)),
        format!("result{}", " eq true".repeat(deep)),
        format!("result{}", " in (1)".repeat(deep)),
        format!("{}result{} eq 'x'", "trim(".repeat(deep), ")".repeat(deep)),
    ] {
        assert!(refusal(Observation, &text).contains("stand in one another"));
    }
    let any = "Datastreams/any(d: d/Thing/".repeat(2_000);
    assert!(refusal(Thing, &any).contains("stand in one another"));
    let enough = DEPTH_MAX - 1;
    filter(Observation, &format!("{}result{}", "(".repeat(enough), ")".repeat(enough)));
}

#[test]
fn many_alternatives_are_no_depth_but_a_long_text_is_refused() {
    let expr = filter(Observation, &format!("id eq 1{}", " or id eq 1".repeat(10_000)));
    let Expr::Or(list) = &expr else { panic!() };
    assert_eq!(list.len(), 10_001);
    let long = format!("result eq '{}'", "x".repeat(LENGTH_MAX));
    assert!(refusal(Observation, &long).contains("longer"));
}

#[test]
fn links_to_many_are_tried_with_each_other_only_so_often() {
    let any = "Datastreams/any(d: d/Thing/".repeat(13) + "name eq 'x'" + &")".repeat(13);
    assert!(refusal(Thing, &any).contains("links to many"));
    let one_way = format!("Datastreams/id eq 1{}", " and Datastreams/name ne 'x'".repeat(100));
    filter(Thing, &one_way);
    let mut path = String::new();
    let mut ways = Vec::new();
    for (one, other) in
        [("Datastreams", "Thing"), ("Locations", "Things"), ("HistoricalLocations", "Thing")]
    {
        path = format!("{path}{one}/{other}/");
        for set in ["Datastreams", "MultiDatastreams", "Locations", "HistoricalLocations"] {
            ways.push(format!("{path}{set}/id eq 1"));
        }
    }
    assert!(refusal(Thing, &ways.join(" or ")).contains("links to many"));
}

#[test]
fn an_order_has_keys_and_directions() {
    let keys = parse_order("phenomenonTime desc, Datastream/Thing/name asc,@iot.id", Observation);
    let keys = keys.unwrap();
    let printed: Vec<String> = keys.iter().map(|(by, desc)| format!("{by} {desc}")).collect();
    assert_eq!(printed, ["phenomenonTime true", "Datastream/Thing/name false", "@iot.id false"]);
    assert!(parse_order("result upwards", Observation).is_err());
    assert!(parse_order("", Observation).is_err());
}
