//! Every function with examples, those of the standard and of `OData` among them.

use quartier_model::EntityKind::Observation;
use serde_json::json;

use super::{
    Truth::{False, Null, True},
    world_test::{ask, observation},
};
use crate::expression::Function;

const TRUE: &[&str] = &[
    // Texts (18-088, table 24; OData 4.01, part 2, 5.1.1.7)
    "substringof('Sensor', 'Sensor Things')",
    "not substringof('Sensor Things', 'Sensor')",
    "contains('Sensor Things', 'Things')",
    "startswith('Sensor Things', 'Sensor')",
    "not startswith('Sensor Things', 'sensor')",
    "endswith('Sensor Things', 'Things')",
    "length('Sensor Things') eq 13",
    "length('Grüße') eq 5",
    "indexof('Alfreds', 'lfreds') eq 1",
    "indexof('äöü', 'ü') eq 2",
    "indexof('Alfreds', 'x') eq -1",
    "substring('Sensor Things', 1) eq 'ensor Things'",
    "substring('Sensor Things', 2, 4) eq 'nsor'",
    "substring('äöü', 1, 1) eq 'ö'",
    "substring('abc', 9) eq ''",
    "substring('abc', -5, 2) eq 'ab'",
    "substring('abc', 1, 9223372036854775807) eq 'bc'",
    "tolower('Sensor Things ÄÖ') eq 'sensor things äö'",
    "toupper('Sensor Things') eq 'SENSOR THINGS'",
    "trim('  Sensor Things ') eq 'Sensor Things'",
    "trim(substring(tolower(' ABC '), 2)) eq 'bc'",
    "concat(concat('degree', ', '), 'Celsius') eq 'degree, Celsius'",
    // Times
    "year(resultTime) eq 2026",
    "month(resultTime) eq 5",
    "day(resultTime) eq 2",
    "hour(resultTime) eq 11",
    "hour(2026-05-01T00:30:00+02:00) eq 22",
    "minute(resultTime) eq 0",
    "second(resultTime) eq 1",
    "fractionalseconds(resultTime) eq 0.25",
    "date(resultTime) eq 2026-05-02",
    "date(resultTime) ne date(2026-05-01T00:00:00Z)",
    "time(resultTime) le time(1990-01-01T12:00:00Z)",
    "time(resultTime) eq 11:00:01.25",
    "year(2026-05-02) eq 2026",
    "totaloffsetminutes(resultTime) eq 0",
    "totaloffsetminutes(2026-05-01T00:00:00+02:00) eq 120",
    "resultTime lt now()",
    "mindatetime() lt resultTime",
    "maxdatetime() gt now()",
    "resultTime gt 2026-05-02",
    // Intervals, as FROST has them; the phenomenon lasts from ten to eleven
    "before(phenomenonTime, 2026-05-02T11:00:00Z)",
    "not before(phenomenonTime, 2026-05-02T10:59:00Z)",
    "after(phenomenonTime, 2026-05-02T09:59:00Z)",
    "not after(phenomenonTime, 2026-05-02T10:00:00Z)",
    "meets(phenomenonTime, 2026-05-02T11:00:00Z/2026-05-02T12:00:00Z)",
    "during(phenomenonTime, 2026-05-02T00:00:00Z/2026-05-03T00:00:00Z)",
    "during(resultTime, 2026-05-02T00:00:00Z/P1D)",
    "overlaps(phenomenonTime, 2026-05-02T10:59:00Z/2026-05-03T00:00:00Z)",
    "not overlaps(phenomenonTime, 2026-05-02T11:00:00Z/2026-05-03T00:00:00Z)",
    "starts(phenomenonTime, 2026-05-02T10:00:00Z/2026-05-03T00:00:00Z)",
    "finishes(phenomenonTime, 2026-05-01T10:00:00Z/2026-05-02T11:00:00Z)",
    "phenomenonTime lt 2026-05-02T11:00:00Z",
    "phenomenonTime eq 2026-05-02T10:00:00Z/2026-05-02T11:00:00Z",
    "phenomenonTime ne 2026-05-02T10:00:00Z",
    // Arithmetic
    "round(41.5) eq 42",
    "round(-41.5) eq -42",
    "floor(42.99) eq 42",
    "floor(-0.5) eq -1",
    "ceiling(41.01) eq 42",
    "ceiling(42) eq 42",
    "result add 0.5 eq 46",
    "5 div 2 eq 2",
    "5 div 2.0 eq 2.5",
    "7 mod 4 eq 3",
    "-7 mod 4 eq -3",
    "2 mul 3 add 1 eq 7",
    "9223372036854775807 add 1 gt 9223372036854775807.0 sub 10000",
    "-result lt 0",
    "duration'PT1H' add duration'PT1H' eq duration'PT2H'",
    "duration'PT1H' mul 24 eq duration'P1D'",
    "duration'P1D' div 2 eq duration'PT12H'",
    "-duration'PT1H' lt duration'PT0S'",
    "phenomenonTime add duration'PT1H' eq 2026-05-02T11:00:00Z/2026-05-02T12:00:00Z",
    "2026-03-31T00:00:00Z sub duration'P1M' eq 2026-02-28T00:00:00Z",
    "resultTime sub phenomenonTime eq duration'PT1H1.25S'",
    // Geometries, in degrees
    "geo.distance(geography'POINT (0 0)', geography'POINT (3 4)') eq 5",
    "geo.distance(geography'POINT (0 0)', geography'LINESTRING (3 -1, 3 1)') eq 3",
    "geo.distance(FeatureOfInterest/feature, geography'POINT (7.625 51.963)') eq 0",
    "geo.length(geography'LINESTRING (30 10, 33 14, 33 15)') eq 6",
    "geo.length(geography'POLYGON ((0 0, 1 0, 1 1, 0 0))') eq 0",
    "geo.intersects(FeatureOfInterest/feature, geography'POLYGON ((7 51, 8 51, 8 52, 7 52, 7 51))')",
    "st_intersects(geography'LINESTRING (0 0, 2 2)', geography'LINESTRING (0 2, 2 0)')",
    "st_equals(geography'LINESTRING (0 0, 2 2)', geography'LINESTRING (2 2, 1 1, 0 0)')",
    "st_disjoint(geography'POINT (0 0)', geography'POINT (1 1)')",
    "not st_disjoint(geography'POINT (0 0)', geography'LINESTRING (0 0, 1 1)')",
    "st_touches(geography'POINT (0 0)', geography'LINESTRING (0 0, 1 1)')",
    "st_within(geography'POINT (1 1)', geography'POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0))')",
    "not st_within(geography'POINT (0 1)', geography'POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0))')",
    "st_within(geography'LINESTRING (0.5 1, 1 1)', geography'POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0))')",
    "st_contains(geography'POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0))', geography'POINT (1 1)')",
    "st_contains(geography'MULTIPOLYGON (((0 0, 2 0, 2 2, 0 2, 0 0)))', geography'POINT (1 1)')",
    "st_overlaps(geography'POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0))', geography'POLYGON ((1 1, 3 1, 3 3, 1 3, 1 1))')",
    "st_crosses(geography'LINESTRING (-1 1, 3 1)', geography'POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0))')",
    "st_relate(geography'POINT (1 1)', geography'POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0))', 'T*F**F***')",
    "not st_relate(geography'POINT (9 9)', geography'POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0))', 'T*F**F***')",
    "st_relate(geography'POINT (9 9)', geography'POINT (8 8)', 'FF0FFF0F2')",
];

const NULL: &[&str] = &[
    "length(result) gt 0",
    "substring(result, 1) gt ''",
    "year(result) gt 0",
    "year(time(resultTime)) gt 0",
    "round('x') gt 0",
    "1 div 0 gt 0",
    "1 mod 0 gt 0",
    "startswith(null, 'x')",
    "before(result, now())",
    "now() add duration'P99999999M' gt now()",
    "result sub 'x' gt 0",
    "geo.distance(FeatureOfInterest/feature, null) gt 0",
    "geo.length(Datastream/Thing/properties/tags) gt 0",
    "st_within(Datastream/properties/nothing, FeatureOfInterest/feature)",
    "st_relate(geography'POINT (1 1)', geography'POINT (1 1)', FeatureOfInterest/name)",
    "-'x' gt 0",
];

#[test]
fn every_function_does_what_its_examples_say() {
    let observation = observation(&json!(45.5));
    for filter in TRUE {
        assert_eq!(ask(Observation, filter, &observation), True, "{filter}");
    }
    for function in Function::all() {
        let call = format!("{}(", function.name());
        assert!(TRUE.iter().any(|filter| filter.contains(&call)), "{call} has no example");
    }
}

#[test]
fn what_has_no_sense_is_null_and_never_an_error() {
    let observation = observation(&json!(45.5));
    for filter in NULL {
        assert_eq!(ask(Observation, filter, &observation), Null, "{filter}");
    }
    assert_eq!(ask(Observation, "year(result) eq 2026", &observation), False);
}
