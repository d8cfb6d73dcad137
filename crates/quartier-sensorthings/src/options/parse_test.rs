use quartier_model::EntityKind::{self, Datastream, Location, Observation, Thing};

use super::{Direction, EXPAND_DEPTH_MAX, Options, ResultFormat, Selected};
use crate::path::Property;

fn options(kind: EntityKind, query: &str) -> Options {
    let options = Options::parse(query, kind).unwrap_or_else(|error| panic!("{query}: {error}"));
    let again = Options::parse(&options.query(), kind);
    assert_eq!(again.as_ref(), Ok(&options), "{}", options.query());
    options
}

fn refusal(kind: EntityKind, query: &str) -> String {
    Options::parse(query, kind).expect_err(query).to_string()
}

#[test]
fn masterportals_request_is_understood() {
    let query = "$filter=startswith(Things/name,'X') and st_intersects(Locations/location,\
        geography'POLYGON ((7 51,8 51,8 52,7 51))')\
        &$expand=Locations,Datastreams/Observations($orderby=phenomenonTime%20desc;$top=1)";
    let options = options(Thing, query);
    let [locations, datastreams] = options.expand.as_slice() else { panic!("{options:?}") };
    assert_eq!((locations.link.name, datastreams.link.name), ("Locations", "Datastreams"));
    let [observations] = datastreams.options.expand.as_slice() else { panic!("{options:?}") };
    assert_eq!(observations.options.top, Some(1));
    assert_eq!(observations.options.order[0].direction, Direction::Descending);
    assert_eq!(options.filter.unwrap().conjuncts().len(), 2);
}

#[test]
fn what_qgis_sends_is_understood() {
    let count = options(Location, "$top=0&$count=true");
    assert_eq!((count.top, count.count), (Some(0), Some(true)));
    options(
        Location,
        "$top=0&$count=true&$filter=location/type eq 'Point' or location/geometry/type eq 'Point'",
    );
    options(
        Location,
        "$filter=(location/type eq 'Point' or location/geometry/type eq 'Point') and \
         geo.intersects(location, geography'POLYGON((7.5 51.9, 7.7 51.9, 7.7 52, 7.5 51.9))')",
    );
}

#[test]
fn encodings_of_every_client_are_understood() {
    let plain = options(Thing, "$top=5&$filter=name eq 'a b'");
    assert_eq!(options(Thing, "%24top=5&%24filter=name+eq+%27a+b%27"), plain);
    assert_eq!(options(Thing, "%24filter=name%20eq%20'a%20b'&$top=5&"), plain);
    let history = EntityKind::HistoricalLocation;
    let order = &options(history, "$orderby=time+desc").order[0];
    assert_eq!((order.by.to_string().as_str(), order.direction), ("time", Direction::Descending));
    options(Observation, "$filter=resultTime gt now() sub duration'PT24H'");
    options(Observation, "$filter=phenomenonTime gt 2026-05-01T00:00:00+02:00");
    assert_eq!(options(Thing, "utm_source=x&api_key"), Options::default());
}

#[test]
fn both_forms_of_expand_say_the_same() {
    let nested = options(Thing, "$expand=Datastreams($expand=Observations($top=1))");
    assert_eq!(options(Thing, "$expand=Datastreams/Observations($top=1)"), nested);
}

#[test]
fn one_link_expanded_twice_is_expanded_once_with_both_wishes() {
    let merged = options(
        Thing,
        "$expand=Datastreams/Sensor,Datastreams($select=name;$top=3)&$expand=Datastreams/ObservedProperty",
    );
    let once =
        options(Thing, "$expand=Datastreams($expand=Sensor,ObservedProperty;$select=name;$top=3)");
    assert_eq!(merged, once);
    let error = refusal(Thing, "$expand=Datastreams($top=1),Datastreams($top=2)");
    assert_eq!(error, "`$expand`: `Datastreams` stands there twice with different $top");
}

#[test]
fn a_selection_names_properties_their_parts_and_links() {
    let select = options(Thing, "$select=id,@iot.id,name,properties/a/b,Datastreams").select;
    assert_eq!(select.len(), 4);
    assert_eq!(select[0], Selected::Property { property: Property::Id, keys: vec![] });
    assert!(matches!(&select[2], Selected::Property { keys, .. } if keys.len() == 2));
    assert!(matches!(select[3], Selected::Link(_)));
}

#[test]
fn a_result_format_is_read_however_it_is_written() {
    for query in ["$resultFormat=dataArray", "resultFormat=dataArray", "$resultformat=DATAARRAY"] {
        assert_eq!(options(Observation, query).format, Some(ResultFormat::DataArray));
    }
    assert_eq!(options(Thing, "resultFormat=GeoJSON").format, Some(ResultFormat::GeoJson));
}

#[test]
fn a_wrong_option_is_named() {
    for (query, message) in [
        ("$top=-1", "`$top`: `-1` is no whole number from 0"),
        ("$top=", "`$top`: `` is no whole number from 0"),
        ("$skip=1.5", "`$skip`: `1.5` is no whole number from 0"),
        ("$count=yes", "`$count`: `yes` is neither true nor false"),
        ("$top=1&%24top=2", "`$top`: it stands there twice"),
        ("$resultFormat=XML", "`$resultFormat`: `XML` is none of dataArray, GeoJSON and CSV"),
        ("$expand=Observation", "`$expand`: `Observation` is no link of Datastreams"),
        ("$expand=Thing($top=1", "`$expand`: a `(` is not closed"),
        (
            "$expand=Thing($format=1)",
            "`$format`: it is not known; known are $filter, $expand, $select, $orderby, $top, $skip, $count and $resultFormat",
        ),
        ("$select=foo", "`$select`: `foo` is neither a property nor a link of Datastreams"),
        ("$filter=", "`$filter`: at character 1: a value was expected, not the end"),
        (
            "$orderby=foo",
            "`$orderby`: at character 1: `foo` is neither a property nor a link of Datastreams",
        ),
    ] {
        assert_eq!(refusal(Datastream, query), message);
    }
    assert!(refusal(Thing, "$search=x").starts_with("`$search`: it is not known"));
    assert!(refusal(Thing, "$filter=%ff").contains("UTF-8"));
}

#[test]
fn expands_are_bounded() {
    let deep = "Datastreams($expand=Thing($expand=".repeat(5_000);
    assert!(Options::parse(&format!("$expand={deep}"), Thing).is_err());
    let closed = format!("$expand={deep}Datastreams{}", "))".repeat(5_000));
    let reason = format!("more than {EXPAND_DEPTH_MAX} links stand in one another");
    assert!(refusal(Thing, &closed).contains(&reason));
    let wide = vec!["Datastreams/Thing"; 100].join(",");
    assert!(refusal(Thing, &format!("$expand={wide}")).contains("links are expanded"));
    assert!(refusal(Thing, &"x".repeat(300 * 1024)).contains("longer"));
}

proptest::proptest! {
    #[test]
    fn any_query_at_all_is_read_or_refused(query: String) {
        let _ = Options::parse(&query, Thing);
        let _ = Options::parse(&format!("$expand={query}"), Thing);
        let _ = Options::parse(&format!("$filter={query}"), Observation);
        let _ = crate::path::Resource::parse(&query);
    }
}
