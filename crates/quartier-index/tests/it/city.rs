//! Random objects, placed so that they often touch, coincide or lie in one line.

use geo_types::{
    Coord, Geometry as Plane, GeometryCollection, LineString, MultiLineString, MultiPoint,
    MultiPolygon, Point, Polygon,
};
use proptest::{
    collection::vec,
    option, prop_oneof,
    strategy::{BoxedStrategy, Just, Strategy as _},
};
use quartier_index::{Builder, CollectionIndex, Entry, Metric};
use quartier_model::{
    Feature, FeatureId, Geometry, Properties, Property, PropertyKind, Schema, TimeRange,
};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

/// Where the grid of the random objects lies in the CRS.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) origin: Coord<f64>,
    pub(crate) step: f64,
}

pub(crate) fn place() -> BoxedStrategy<Place> {
    let at = |x, y, step| Just(Place { origin: Coord { x, y }, step });
    prop_oneof![
        at(0.0, 0.0, 1.0),
        at(405_123.456_7, 5_757_890.123_4, 0.1),
        // Between two numbers of single precision.
        at(0.0, 0.0, f64::from(f32::EPSILON) / 3.0),
        at(std::f64::consts::E, -std::f64::consts::PI, std::f64::consts::SQRT_2),
        at(-7e11, 9e11, 1024.0),
    ]
    .boxed()
}

impl Place {
    pub(crate) fn coord(self, (x, y): (i32, i32)) -> Coord<f64> {
        self.origin + Coord { x: f64::from(x), y: f64::from(y) } * self.step
    }
}

fn cell() -> BoxedStrategy<(i32, i32)> {
    (0..24_i32, 0..24_i32).boxed()
}

/// A rectangle, an L, or a courtyard.
fn house() -> BoxedStrategy<Vec<Vec<(i32, i32)>>> {
    let size = (cell(), 2..7_i32, 2..7_i32);
    prop_oneof![
        size.clone().prop_map(|((x, y), w, h)| vec![vec![
            (x, y),
            (x + w, y),
            (x + w, y + h),
            (x, y + h)
        ]]),
        size.clone().prop_map(|((x, y), w, h)| {
            vec![vec![
                (x, y),
                (x + w, y),
                (x + w, y + 1),
                (x + 1, y + 1),
                (x + 1, y + h),
                (x, y + h),
            ]]
        }),
        size.clone().prop_map(|((x, y), w, h)| vec![vec![(x, y), (x + w, y + 1), (x + 1, y + h)]]),
        size.prop_map(|((x, y), w, h)| {
            let (w, h) = (w + 1, h + 1);
            vec![
                vec![(x, y), (x + w, y), (x + w, y + h), (x, y + h)],
                vec![
                    (x + 1, y + 1),
                    (x + 1, y + h - 1),
                    (x + w - 1, y + h - 1),
                    (x + w - 1, y + 1),
                ],
            ]
        }),
    ]
    .boxed()
}

fn polygon(place: Place) -> BoxedStrategy<Polygon<f64>> {
    house()
        .prop_map(move |rings| {
            let ring = |cells: &Vec<(i32, i32)>| {
                LineString(cells.iter().map(|cell| place.coord(*cell)).collect())
            };
            Polygon::new(ring(&rings[0]), rings[1..].iter().map(ring).collect())
        })
        .boxed()
}

fn line(place: Place) -> BoxedStrategy<LineString<f64>> {
    vec(cell(), 2..5)
        .prop_filter("a line has a length", |cells| cells.windows(2).all(|pair| pair[0] != pair[1]))
        .prop_map(move |cells| {
            LineString(cells.into_iter().map(|cell| place.coord(cell)).collect())
        })
        .boxed()
}

fn point(place: Place) -> BoxedStrategy<Point<f64>> {
    cell().prop_map(move |cell| Point(place.coord(cell))).boxed()
}

/// Two polygons that share nothing.
fn estate(place: Place) -> BoxedStrategy<MultiPolygon<f64>> {
    let shifted = Place { origin: place.coord((40, 0)), ..place };
    (polygon(place), polygon(shifted))
        .prop_map(|(one, other)| MultiPolygon(vec![one, other]))
        .boxed()
}

/// Every kind but collections.
pub(crate) fn simple_plane(place: Place) -> BoxedStrategy<Plane<f64>> {
    prop_oneof![
        3 => polygon(place).prop_map(Plane::from),
        1 => point(place).prop_map(Plane::from),
        1 => line(place).prop_map(Plane::from),
        1 => vec(point(place), 1..4).prop_map(|points| MultiPoint(points).into()),
        1 => vec(line(place), 1..3).prop_map(|lines| MultiLineString(lines).into()),
        1 => estate(place).prop_map(Plane::from),
    ]
    .boxed()
}

pub(crate) fn plane(place: Place) -> BoxedStrategy<Plane<f64>> {
    let mixed = (polygon(place), line(place), point(place));
    prop_oneof![
        9 => simple_plane(place),
        1 => mixed.prop_map(|(polygon, line, point)| {
            let inner = Plane::GeometryCollection(GeometryCollection(vec![line.into(), point.into()]));
            Plane::GeometryCollection(GeometryCollection(vec![polygon.into(), inner]))
        }),
    ]
    .boxed()
}

/// With heights in one of three.
pub(crate) fn geometry(place: Place) -> BoxedStrategy<Geometry> {
    (plane(place), option::weighted(0.3, (0..50_i32, 1..4_i32)))
        .prop_map(|(plane, heights)| {
            let flat = Geometry::new(plane).unwrap();
            let Some((ground, rise)) = heights else { return flat };
            let count = flat.coords().len();
            let heights = (ground..)
                .step_by(rise as usize)
                .take(count)
                .map(|tenths| f64::from(tenths) / 10.0)
                .collect();
            Geometry::with_heights(flat.into_parts().0, heights).unwrap()
        })
        .boxed()
}

pub(crate) fn schema() -> Schema {
    let property = |(name, kind): &(&str, PropertyKind)| Property::new(*name, *kind);
    let kinds = [
        ("use", PropertyKind::Text),
        ("storeys", PropertyKind::Integer),
        ("height_m", PropertyKind::Number),
        ("is_listed", PropertyKind::Boolean),
        ("other", PropertyKind::Json),
    ];
    Schema { properties: kinds.iter().map(property).collect() }
}

/// Values that mostly fit the schema.
pub(crate) fn properties() -> BoxedStrategy<Properties> {
    let of = |values: Vec<Value>| option::of(proptest::sample::select(values));
    (
        of(vec![json!("home"), json!("shop"), json!(""), json!("Straße 5"), json!(1010)]),
        of(vec![
            json!(1),
            json!(2),
            json!(-7),
            json!(300),
            json!(i64::MAX),
            json!(2.0),
            json!("two"),
        ]),
        of(vec![json!(3.0), json!(3), json!(12.25), json!(-0.0), json!(1.0 / 3.0), json!(1e300)]),
        of(vec![json!(true), json!(false)]),
        of(vec![json!([1, {"a": null}]), json!({}), json!("text"), json!(u64::MAX), json!(0.1)]),
    )
        .prop_map(|(used, storeys, height, listed, other)| {
            let all = [
                ("use", used),
                ("storeys", storeys),
                ("height_m", height),
                ("is_listed", listed),
                ("other", other),
            ];
            all.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
        })
        .boxed()
}

pub(crate) fn days(start: Option<i64>, end: Option<i64>) -> TimeRange {
    let day = |day: i64| OffsetDateTime::UNIX_EPOCH + Duration::days(day);
    TimeRange::new(start.map(day), end.map(day)).unwrap()
}

pub(crate) fn times() -> BoxedStrategy<TimeRange> {
    prop_oneof![
        2 => Just(TimeRange::ALWAYS),
        1 => (0..9_i64, 0..9_i64).prop_map(|(start, length)| days(Some(start), Some(start + length))),
        1 => (0..9_i64).prop_map(|start| days(Some(start), None)),
    ]
    .boxed()
}

/// What stands behind an id does not depend on it.
fn body(place: Place) -> BoxedStrategy<Feature> {
    (option::weighted(0.9, geometry(place)), properties(), times(), option::weighted(0.3, 0..5_u8))
        .prop_map(|(geometry, properties, valid, source)| Feature {
            id: "none".parse().unwrap(),
            source_id: source.map(|number| format!("source-{number}").parse().unwrap()),
            geometry,
            properties,
            valid,
        })
        .boxed()
}

pub(crate) fn entry(fid: u64, version: u32, feature: Feature) -> Entry {
    let id = format!("house-{fid}").parse().unwrap();
    Entry { fid: FeatureId(fid), version, feature: Feature { id, ..feature } }
}

/// Objects with ascending ids that have gaps between them.
pub(crate) fn city(place: Place, count: usize) -> BoxedStrategy<Vec<Entry>> {
    vec((body(place), 1..5_u64, 1..400_u32), 0..count)
        .prop_map(|bodies| {
            let mut fid = 1_000_000_000_000;
            let numbered = bodies.into_iter().map(|(feature, gap, version)| {
                fid += gap;
                entry(fid, version, feature)
            });
            numbered.collect()
        })
        .boxed()
}

pub(crate) fn built<'a>(
    entries: impl IntoIterator<Item = &'a Entry>,
    metric: Metric,
) -> CollectionIndex {
    let mut builder = Builder::new(&schema(), metric);
    for entry in entries {
        builder.push(entry.fid, entry.version, &entry.feature);
    }
    builder.finish()
}
