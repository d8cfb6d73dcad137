//! Whatever expression there is, its text reads as itself; and no text, however broken, does harm.

use proptest::prelude::*;
use quartier_model::{EntityKind, Geometry, Period};
use time::{Date, Duration, OffsetDateTime, Time, UtcOffset};

use super::{
    Base, Comparison, Expr, Function, Literal, Math, Span, ValuePath,
    check::{check_arguments, check_joins},
    parse_condition, parse_order,
};
use crate::path::{JsonKey, Navigation, navigations, properties};

const KINDS: [EntityKind; 9] = [
    EntityKind::Thing,
    EntityKind::Location,
    EntityKind::HistoricalLocation,
    EntityKind::Datastream,
    EntityKind::MultiDatastream,
    EntityKind::Sensor,
    EntityKind::ObservedProperty,
    EntityKind::Observation,
    EntityKind::FeatureOfInterest,
];

fn instant() -> impl Strategy<Value = OffsetDateTime> {
    (0_i64..250_000_000_000, 0_u32..1_000_000, -12_i8..13).prop_map(|(second, micro, hours)| {
        let at = OffsetDateTime::from_unix_timestamp(second).unwrap();
        let at = at.replace_nanosecond(micro * 1000).unwrap();
        at.to_offset(UtcOffset::from_hms(hours, 0, 0).unwrap())
    })
}

fn span() -> impl Strategy<Value = Span> {
    (0_i32..1000, 0_i64..1_000_000_000, 0_i32..1_000_000_000, any::<bool>()).prop_map(
        |(months, seconds, nanoseconds, is_negative)| {
            let span = Span { months, rest: Duration::new(seconds, nanoseconds) };
            if is_negative { span.negated() } else { span }
        },
    )
}

fn number() -> impl Strategy<Value = f64> {
    any::<f64>().prop_filter("numbers are finite", |number| number.is_finite())
}

fn geometry() -> impl Strategy<Value = Literal> {
    let coord = (number(), number()).prop_map(|(x, y)| geo_types::coord! { x: x, y: y });
    (proptest::collection::vec(coord, 3..6), 0..4, any::<bool>()).prop_filter_map(
        "rings have four positions",
        |(coords, kind, high)| {
            let line = geo_types::LineString(coords.clone());
            let plane: geo_types::Geometry<f64> = match kind {
                0 => geo_types::Point(coords[0]).into(),
                1 => line.into(),
                2 => geo_types::Polygon::new(line, vec![]).into(),
                _ => geo_types::MultiLineString(vec![line.clone(), line]).into(),
            };
            let flat = Geometry::new(plane.clone()).ok()?;
            let heights: Vec<f64> = flat.coords().iter().map(|coord| coord.x / 2.0).collect();
            let geometry =
                if high { Geometry::with_heights(plane, heights).unwrap() } else { flat };
            Some(Literal::Geometry(Box::new(geometry)))
        },
    )
}

fn literal() -> impl Strategy<Value = Literal> {
    prop_oneof![
        Just(Literal::Null),
        any::<bool>().prop_map(Literal::Bool),
        any::<i64>().prop_map(Literal::Integer),
        number().prop_map(Literal::Number),
        any::<String>().prop_map(Literal::Text),
        instant().prop_map(Literal::Instant),
        (instant(), instant()).prop_map(|(one, other)| {
            Literal::Interval(Period::interval(one.min(other), one.max(other)).unwrap())
        }),
        (1_721_426_i32..5_373_484)
            .prop_map(|day| Literal::Date(Date::from_julian_day(day).unwrap())),
        (0_u8..24, 0_u8..60, 0_u8..60, 0_u32..1_000_000_000).prop_map(
            |(hour, minute, second, nano)| {
                Literal::Time(Time::from_hms_nano(hour, minute, second, nano).unwrap())
            }
        ),
        span().prop_map(Literal::Duration),
        geometry(),
    ]
}

/// Links from a kind, some steps far.
fn links(start: EntityKind, turns: &[usize]) -> (Vec<Navigation>, EntityKind) {
    let mut kind = start;
    let mut links = Vec::new();
    for turn in turns {
        let choice: Vec<Navigation> = navigations(kind).collect();
        let link = choice[turn % choice.len()];
        kind = link.to;
        links.push(link);
    }
    (links, kind)
}

fn turns() -> impl Strategy<Value = Vec<usize>> {
    proptest::collection::vec(0_usize..100, 0..4)
}

fn keys() -> impl Strategy<Value = Vec<JsonKey>> {
    let key = prop_oneof![
        "[a-zäöü_][a-z0-9:_-]{0,5}".prop_map(JsonKey::Name),
        (0_usize..1000).prop_map(JsonKey::Index),
    ];
    proptest::collection::vec(key, 0..3)
}

fn path(kind: EntityKind) -> impl Strategy<Value = ValuePath> {
    (turns(), 0_usize..100, keys()).prop_map(move |(turns, which, keys)| {
        let (links, kind) = links(kind, &turns);
        let choice = properties(kind);
        let property = choice[which % choice.len()];
        let keys = if property.is_json() { keys } else { Vec::new() };
        ValuePath { base: Base::Entity, links, property, keys }
    })
}

fn value(kind: EntityKind) -> impl Strategy<Value = Expr> {
    let leaf = prop_oneof![literal().prop_map(Expr::Literal), path(kind).prop_map(Expr::Path)];
    leaf.prop_recursive(3, 16, 3, |inner| {
        let calls: Vec<Function> =
            Function::all().filter(|function| function.geometries() == 0).collect();
        prop_oneof![
            (0..5_usize, inner.clone(), inner.clone()).prop_map(|(operator, left, right)| {
                Expr::Math {
                    operator: Math::ALL[operator],
                    left: Box::new(left),
                    right: Box::new(right),
                }
            }),
            inner.clone().prop_map(|inner| Expr::Negative(Box::new(inner))),
            (proptest::sample::select(calls), proptest::collection::vec(inner, 3)).prop_map(
                |(function, mut arguments)| {
                    arguments.truncate(function.arity().1);
                    Expr::Call { function, arguments }
                }
            ),
        ]
    })
}

fn comparison(kind: EntityKind) -> impl Strategy<Value = Expr> {
    let spatial: Vec<Function> = Function::all()
        .filter(|function| function.is_condition() && function.geometries() == 2)
        .filter(|function| function.arity().0 == 2)
        .collect();
    let values = proptest::collection::vec(value(kind), 1..4);
    let geometries = proptest::collection::vec(geometry().prop_map(Expr::Literal), 2);
    prop_oneof![
        (0..6_usize, value(kind), value(kind)).prop_map(|(comparison, left, right)| {
            Expr::Compare {
                comparison: Comparison::ALL[comparison],
                left: Box::new(left),
                right: Box::new(right),
            }
        }),
        (value(kind), values).prop_map(|(value, list)| Expr::In { value: Box::new(value), list }),
        (value(kind), path(kind))
            .prop_map(|(value, array)| Expr::Within { value: Box::new(value), array }),
        (proptest::sample::select(spatial), geometries)
            .prop_map(|(function, arguments)| Expr::Call { function, arguments }),
    ]
}

fn condition(kind: EntityKind) -> impl Strategy<Value = Expr> {
    comparison(kind).prop_recursive(4, 24, 3, move |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(left, right)| left.and(right)),
            (inner.clone(), inner.clone()).prop_map(|(left, right)| left.or(right)),
            inner.clone().prop_map(|inner| Expr::Not(Box::new(inner))),
            (inner.clone(), inner.clone()).prop_map(|(left, right)| Expr::Compare {
                comparison: Comparison::Equal,
                left: Box::new(left),
                right: Box::new(right),
            }),
        ]
    })
}

/// A condition within an `any` that uses its variable.
fn any_condition(kind: EntityKind) -> impl Strategy<Value = Expr> {
    (proptest::collection::vec(0_usize..100, 1..3), 0_usize..100, literal(), condition(kind))
        .prop_map(move |(turns, which, literal, other)| {
            let (links, inner) = links(kind, &turns);
            let property = properties(inner)[which % properties(inner).len()];
            let base = Base::Variable(0);
            let path = ValuePath { base, links: Vec::new(), property, keys: Vec::new() };
            let compare = Expr::Compare {
                comparison: Comparison::Less,
                left: Box::new(Expr::Path(path)),
                right: Box::new(Expr::Literal(literal)),
            };
            let condition = Box::new(compare.and(other));
            Expr::Any { base: Base::Entity, links, condition }
        })
}

pub(crate) fn of_some_kind() -> impl Strategy<Value = (EntityKind, Expr)> {
    proptest::sample::select(KINDS.to_vec()).prop_flat_map(|kind| {
        let expr = prop_oneof![4 => condition(kind).boxed(), 1 => any_condition(kind).boxed()];
        let expr = expr.prop_filter("joins are few", |expr| check_joins(expr).is_ok());
        expr.prop_map(move |expr| (kind, expr))
    })
}

proptest! {
    #[test]
    fn an_expression_reads_as_it_prints((kind, expr) in of_some_kind()) {
        let text = expr.to_string();
        prop_assert_eq!(parse_condition(&text, kind), Ok(expr), "{}", text);
    }

    #[test]
    fn any_text_at_all_is_read_or_refused(text in any::<String>()) {
        for kind in KINDS {
            let _ = parse_condition(&text, kind);
            let _ = parse_order(&text, kind);
        }
    }

    #[test]
    fn any_heap_of_words_is_read_or_refused(
        words in proptest::collection::vec(proptest::sample::select(WORDS.to_vec()), 0..12),
        space in proptest::sample::select(vec!["", " "]),
    ) {
        let text = words.join(space);
        if let Ok(expr) = parse_condition(&text, EntityKind::Observation) {
            let printed = expr.to_string();
            prop_assert_eq!(parse_condition(&printed, EntityKind::Observation), Ok(expr), "{}", printed);
        }
    }

    #[test]
    fn geometries_are_given_to_spatial_functions_only(number in any::<i64>()) {
        let argument = Expr::Literal(Literal::Integer(number));
        for function in Function::all().filter(|function| function.geometries() > 0) {
            let arguments = vec![argument.clone(); function.arity().0];
            prop_assert!(check_arguments(function, &arguments).is_err());
        }
    }
}

const WORDS: [&str; 36] = [
    "result",
    "phenomenonTime",
    "Datastream/Thing/name",
    "and",
    "or",
    "not",
    "eq",
    "gt",
    "add",
    "in",
    "(",
    ")",
    ",",
    "'x'",
    "'",
    "5",
    "-",
    "-5",
    "1.5e3",
    "null",
    "true",
    "2026-01-01T00:00:00Z",
    "2026-01-01",
    "12:00",
    "/",
    "duration'PT1H'",
    "geography'POINT (1 2)'",
    "now()",
    "length(",
    "substring(",
    "st_within(",
    "Datastream/any(d:",
    "d/name",
    "parameters/a[0]",
    " 02:00",
    "div",
];
