use crate::form::Form;

/// A building before it has an id and an address.
#[derive(Debug, Clone)]
pub(crate) struct Building {
    pub(crate) form: Form,
    pub(crate) function: Function,
    pub(crate) name: Option<String>,
    pub(crate) storeys: u32,
    pub(crate) year_built: u32,
}

/// What a building is for, by the code of the German cadastre (ALKIS, `AX_Gebaeudefunktion`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Function {
    Dwelling,
    MixedUse,
    Trade,
    Offices,
    Shop,
    Hotel,
    Factory,
    Warehouse,
    Garage,
    Barn,
    Shed,
    TownHall,
    School,
    Church,
    Kindergarten,
}

/// Every function that the town knows, with its code and its title.
pub(crate) const FUNCTIONS: &[(Function, &str, &str)] = &[
    (Function::Dwelling, "31001_1000", "Wohngebäude"),
    (Function::MixedUse, "31001_1100", "Gemischt genutztes Gebäude mit Wohnen"),
    (Function::Trade, "31001_2000", "Gebäude für Wirtschaft oder Gewerbe"),
    (Function::Offices, "31001_2020", "Bürogebäude"),
    (Function::Shop, "31001_2050", "Geschäftsgebäude"),
    (Function::Hotel, "31001_2071", "Hotel, Motel, Pension"),
    (Function::Factory, "31001_2111", "Fabrik"),
    (Function::Warehouse, "31001_2143", "Lagerhalle, Lagerschuppen, Lagerhaus"),
    (Function::Garage, "31001_2463", "Garage"),
    (Function::Barn, "31001_2721", "Scheune"),
    (Function::Shed, "31001_2723", "Schuppen"),
    (Function::TownHall, "31001_3012", "Rathaus"),
    (Function::School, "31001_3021", "Allgemein bildende Schule"),
    (Function::Church, "31001_3041", "Kirche"),
    (Function::Kindergarten, "31001_3065", "Kinderkrippe, Kindergarten, Kindertagesstätte"),
];

impl Function {
    pub(crate) fn code(self) -> &'static str {
        FUNCTIONS[self as usize].1
    }

    /// Garages and sheds have none.
    pub(crate) fn has_address(self) -> bool {
        !matches!(self, Self::Garage | Self::Barn | Self::Shed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_finds_its_own_code() {
        for (index, (function, ..)) in FUNCTIONS.iter().enumerate() {
            assert_eq!(*function as usize, index, "{function:?}");
        }
    }
}
