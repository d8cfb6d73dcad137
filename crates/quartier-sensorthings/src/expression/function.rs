/// The functions of 18-088, Table 24, and those for intervals that FROST has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Function {
    SubstringOf,
    Contains,
    StartsWith,
    EndsWith,
    Length,
    IndexOf,
    Substring,
    ToLower,
    ToUpper,
    Trim,
    Concat,
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
    FractionalSeconds,
    Date,
    Time,
    TotalOffsetMinutes,
    Now,
    MinDateTime,
    MaxDateTime,
    Before,
    After,
    Meets,
    During,
    Overlaps,
    Starts,
    Finishes,
    Round,
    Floor,
    Ceiling,
    GeoDistance,
    GeoLength,
    GeoIntersects,
    StEquals,
    StDisjoint,
    StTouches,
    StWithin,
    StOverlaps,
    StCrosses,
    StIntersects,
    StContains,
    StRelate,
}

/// Each function's name and how many arguments it takes, at least and at most.
const FUNCTIONS: [(Function, &str, usize, usize); 46] = [
    (Function::SubstringOf, "substringof", 2, 2),
    (Function::Contains, "contains", 2, 2),
    (Function::StartsWith, "startswith", 2, 2),
    (Function::EndsWith, "endswith", 2, 2),
    (Function::Length, "length", 1, 1),
    (Function::IndexOf, "indexof", 2, 2),
    (Function::Substring, "substring", 2, 3),
    (Function::ToLower, "tolower", 1, 1),
    (Function::ToUpper, "toupper", 1, 1),
    (Function::Trim, "trim", 1, 1),
    (Function::Concat, "concat", 2, 2),
    (Function::Year, "year", 1, 1),
    (Function::Month, "month", 1, 1),
    (Function::Day, "day", 1, 1),
    (Function::Hour, "hour", 1, 1),
    (Function::Minute, "minute", 1, 1),
    (Function::Second, "second", 1, 1),
    (Function::FractionalSeconds, "fractionalseconds", 1, 1),
    (Function::Date, "date", 1, 1),
    (Function::Time, "time", 1, 1),
    (Function::TotalOffsetMinutes, "totaloffsetminutes", 1, 1),
    (Function::Now, "now", 0, 0),
    (Function::MinDateTime, "mindatetime", 0, 0),
    (Function::MaxDateTime, "maxdatetime", 0, 0),
    (Function::Before, "before", 2, 2),
    (Function::After, "after", 2, 2),
    (Function::Meets, "meets", 2, 2),
    (Function::During, "during", 2, 2),
    (Function::Overlaps, "overlaps", 2, 2),
    (Function::Starts, "starts", 2, 2),
    (Function::Finishes, "finishes", 2, 2),
    (Function::Round, "round", 1, 1),
    (Function::Floor, "floor", 1, 1),
    (Function::Ceiling, "ceiling", 1, 1),
    (Function::GeoDistance, "geo.distance", 2, 2),
    (Function::GeoLength, "geo.length", 1, 1),
    (Function::GeoIntersects, "geo.intersects", 2, 2),
    (Function::StEquals, "st_equals", 2, 2),
    (Function::StDisjoint, "st_disjoint", 2, 2),
    (Function::StTouches, "st_touches", 2, 2),
    (Function::StWithin, "st_within", 2, 2),
    (Function::StOverlaps, "st_overlaps", 2, 2),
    (Function::StCrosses, "st_crosses", 2, 2),
    (Function::StIntersects, "st_intersects", 2, 2),
    (Function::StContains, "st_contains", 2, 2),
    (Function::StRelate, "st_relate", 3, 3),
];

impl Function {
    pub fn named(name: &str) -> Option<Self> {
        FUNCTIONS.iter().find(|row| row.1 == name).map(|row| row.0)
    }

    pub fn all() -> impl Iterator<Item = Self> {
        FUNCTIONS.iter().map(|row| row.0)
    }

    pub const fn name(self) -> &'static str {
        FUNCTIONS[self as usize].1
    }

    /// How many arguments it takes, at least and at most.
    pub const fn arity(self) -> (usize, usize) {
        let row = FUNCTIONS[self as usize];
        (row.2, row.3)
    }

    /// Whether what it gives is true or false.
    pub const fn is_condition(self) -> bool {
        use Function as F;
        matches!(
            self,
            F::SubstringOf
                | F::Contains
                | F::StartsWith
                | F::EndsWith
                | F::Before
                | F::After
                | F::Meets
                | F::During
                | F::Overlaps
                | F::Starts
                | F::Finishes
        ) || (self.geometries() > 0 && !matches!(self, F::GeoDistance | F::GeoLength))
    }

    /// How many of its arguments, from the first, are geometries.
    pub const fn geometries(self) -> usize {
        use Function as F;
        match self {
            F::GeoLength => 1,
            F::GeoDistance
            | F::GeoIntersects
            | F::StEquals
            | F::StDisjoint
            | F::StTouches
            | F::StWithin
            | F::StOverlaps
            | F::StCrosses
            | F::StIntersects
            | F::StContains
            | F::StRelate => 2,
            _ => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_stands_at_its_place_in_the_table() {
        for function in Function::all() {
            assert_eq!(Function::named(function.name()), Some(function));
            assert_eq!(FUNCTIONS[function as usize].0, function);
        }
    }
}
