/// What is measured, and in which unit.
#[derive(Debug, PartialEq, Eq)]
pub struct Quantity {
    pub name: &'static str,
    /// A URI of the vocabulary that the field uses, or a page that explains it.
    pub definition: &'static str,
    pub description: &'static str,
    pub unit_name: &'static str,
    pub unit_symbol: &'static str,
    /// In the Unified Code for Units of Measure.
    pub unit_definition: &'static str,
    pub(crate) rhythm: Rhythm,
    pub(crate) decimals: i32,
}

/// How values go through the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rhythm {
    NitrogenDioxide,
    FineDust,
    Temperature,
    WindDirection,
    Bicycles,
    Occupancy,
    Loudness,
    WaterLevel,
}

const NO2: Quantity = Quantity {
    name: "NO2",
    definition: "http://dd.eionet.europa.eu/vocabulary/aq/pollutant/8",
    description: "Stickstoffdioxid in der Luft / nitrogen dioxide in air",
    unit_name: "microgram per cubic metre",
    unit_symbol: "µg/m³",
    unit_definition: "ucum:ug/m3",
    rhythm: Rhythm::NitrogenDioxide,
    decimals: 1,
};

const PM10: Quantity = Quantity {
    name: "PM10",
    definition: "http://dd.eionet.europa.eu/vocabulary/aq/pollutant/5",
    description: "Feinstaub bis 10 µm / particulate matter up to 10 µm",
    rhythm: Rhythm::FineDust,
    ..NO2
};

const TEMPERATURE: Quantity = Quantity {
    name: "Temperature",
    definition: "http://vocab.nerc.ac.uk/standard_name/air_temperature/",
    description: "Lufttemperatur / air temperature",
    unit_name: "degree Celsius",
    unit_symbol: "°C",
    unit_definition: "ucum:Cel",
    rhythm: Rhythm::Temperature,
    decimals: 1,
};

const WIND: Quantity = Quantity {
    name: "Wind direction",
    definition: "http://vocab.nerc.ac.uk/standard_name/wind_from_direction/",
    description: "Windrichtung: woher der Wind kommt / where the wind comes from",
    unit_name: "degree",
    unit_symbol: "°",
    unit_definition: "ucum:deg",
    rhythm: Rhythm::WindDirection,
    decimals: 0,
};

const BICYCLES: Quantity = Quantity {
    name: "Bicycles",
    definition: "http://www.wikidata.org/entity/Q11442",
    description: "Fahrräder in der Stunde / bicycles in an hour",
    unit_name: "per hour",
    unit_symbol: "1/h",
    unit_definition: "ucum:/h",
    rhythm: Rhythm::Bicycles,
    decimals: 0,
};

const OCCUPANCY: Quantity = Quantity {
    name: "Parking occupancy",
    definition: "http://www.wikidata.org/entity/Q6501349",
    description: "Belegte Stellplätze / taken parking spaces",
    unit_name: "percent",
    unit_symbol: "%",
    unit_definition: "ucum:%",
    rhythm: Rhythm::Occupancy,
    decimals: 0,
};

const LOUDNESS: Quantity = Quantity {
    name: "Noise",
    definition: "http://www.wikidata.org/entity/Q1047494",
    description: "Mittelungspegel LAeq / equivalent sound level LAeq",
    unit_name: "decibel (A)",
    unit_symbol: "dB(A)",
    unit_definition: "ucum:dB[SPL]",
    rhythm: Rhythm::Loudness,
    decimals: 1,
};

const WATER_LEVEL: Quantity = Quantity {
    name: "Water level",
    definition: "http://vocab.nerc.ac.uk/standard_name/water_surface_height_above_reference_datum/",
    description: "Wasserstand am Pegel / water level at the gauge",
    unit_name: "centimetre",
    unit_symbol: "cm",
    unit_definition: "ucum:cm",
    rhythm: Rhythm::WaterLevel,
    decimals: 0,
};

/// What a station of a kind measures, and how often, in seconds: quicker than in real towns, so that one sees it move.
pub(super) fn of(kind: &str) -> &'static [(Quantity, i64)] {
    match kind {
        "air" => &[(NO2, 20), (PM10, 20), (TEMPERATURE, 30), (WIND, 15)],
        "bicycle" => &[(BICYCLES, 10)],
        "parking" => &[(OCCUPANCY, 15)],
        "noise" => &[(LOUDNESS, 5)],
        "water" => &[(WATER_LEVEL, 60)],
        _ => &[],
    }
}
