use quartier_model::{ObservedProperty, Unit};

/// Words that stand in the name or the definition of what is a direction, in lower case.
const DIRECTIONS: [&str; 9] = [
    "direction",
    "richtung",
    "bearing",
    "heading",
    "azimut",
    "wind_from",
    "winddir",
    "wind_dir",
    "wind dir",
];

/// Whether values are directions in degrees, whose mean is circular: the unit is a degree, and the property's name or
/// definition says that it is a direction. A slope or a latitude is in degrees too, and is none.
pub(crate) fn is_direction(unit: &Unit, property: &ObservedProperty) -> bool {
    let texts = [&property.name, &property.definition].map(|text| text.to_lowercase());
    is_degree(unit) && texts.iter().any(|text| DIRECTIONS.iter().any(|word| text.contains(word)))
}

fn is_degree(unit: &Unit) -> bool {
    let texts = [&unit.symbol, &unit.name].map(|text| text.as_deref().unwrap_or_default().trim());
    let said = texts.into_iter().find(|text| !text.is_empty()).unwrap_or_default().to_lowercase();
    matches!(said.as_str(), "°" | "º" | "deg" | "degt" | "degree" | "degrees" | "grad")
}

/// Whether two units are written alike: by their symbols, else by their names, else by their definitions.
pub(crate) fn is_same_unit(one: &Unit, other: &Unit) -> bool {
    label(one) == label(other)
}

/// What a unit is called.
pub(crate) fn label(unit: &Unit) -> &str {
    let said = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
    let texts = [&unit.symbol, &unit.name, &unit.definition];
    let first = texts.into_iter().find(|text| said(text));
    first.and_then(Option::as_deref).map_or("", str::trim)
}

/// The direction of a sum of unit vectors, in degrees from 0 to 360; `None` where they cancel each other out.
pub(crate) fn direction(sines: f64, cosines: f64, count: f64) -> Option<f64> {
    let is_some = sines.hypot(cosines) > count * CANCELLED;
    is_some.then(|| sines.atan2(cosines).to_degrees().rem_euclid(360.0))
}

/// A mean vector shorter than this is nothing but rounding.
const CANCELLED: f64 = 1e-9;

#[cfg(test)]
mod tests {
    use super::*;

    fn observed(name: &str) -> ObservedProperty {
        ObservedProperty {
            id: quartier_model::EntityId(1),
            name: name.to_owned(),
            definition: String::new(),
            description: String::new(),
            properties: quartier_model::Properties::new(),
        }
    }

    #[test]
    fn only_directions_in_degrees_are_circular() {
        let unit = |symbol: &str| Unit { symbol: Some(symbol.to_owned()), ..Unit::default() };
        for (symbol, name) in
            [("°", "Windrichtung"), ("deg", "Wind Direction"), ("Degrees", "heading")]
        {
            assert!(is_direction(&unit(symbol), &observed(name)), "{name} in {symbol}");
        }
        for (symbol, name) in [("°C", "wind direction"), ("°", "slope"), ("m/s", "wind direction")]
        {
            assert!(!is_direction(&unit(symbol), &observed(name)), "{name} in {symbol}");
        }
    }

    #[test]
    fn the_mean_of_north_by_east_and_north_by_west_is_north() {
        let (sines, cosines) = [350.0_f64, 10.0].iter().fold((0.0, 0.0), |(s, c), degrees| {
            let (sine, cosine) = degrees.to_radians().sin_cos();
            (s + sine, c + cosine)
        });
        let north = direction(sines, cosines, 2.0).unwrap();
        assert!(north.min(360.0 - north) < 1e-9, "{north}");
        assert_eq!(direction(0.0, 0.0, 2.0), None);
    }
}
