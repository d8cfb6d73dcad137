use quartier_model::{Collection, Crs, Property, PropertyKind, Readers, Schema};
use serde_json::{Value, json};

use crate::{building::FUNCTIONS, kind::Kind};

/// ETRS89 / UTM zone 32N, in which western German surveying is done.
pub(crate) const CRS: Crs = Crs::Epsg(25832);

pub(crate) fn collection(kind: Kind) -> Collection {
    let (title, description) = titles(kind);
    Collection {
        title: title.to_owned(),
        description: Some(format!(
            "{description} Erfunden: Diese Stadt gibt es nicht. / Invented: there is no such town."
        )),
        licence: Some("CC0-1.0".to_owned()),
        attribution: Some("Quartier: erfundene Stadt / invented town".to_owned()),
        schema: Schema { properties: properties(kind) },
        readers: Readers::Public,
        ..Collection::new(kind.id(), CRS)
    }
}

fn titles(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Buildings => ("Gebäude", "Gebäude mit Grundriss und Dachform (LoD2)."),
        Kind::Parcels => ("Flurstücke", "Flurstücke mit ihrer Nummer."),
        Kind::Blocks => ("Baublöcke", "Was zwischen den Straßen liegt."),
        Kind::Streets => ("Straßen", "Straßen mit Namen, Klasse und Breite."),
        Kind::Trees => ("Bäume", "Bäume an Straßen, in Parks und in Gärten."),
        Kind::Addresses => ("Adressen", "Hausnummern."),
        Kind::Districts(1) => ("Stadtbezirke", "Die oberste Ebene der Gliederung der Stadt."),
        Kind::Districts(2) => ("Stadtteile", "Die mittlere Ebene der Gliederung der Stadt."),
        Kind::Districts(_) => ("Quartiere", "Die unterste Ebene der Gliederung der Stadt."),
        Kind::SensorSites => ("Messstellen", "Wo gemessen und gezählt wird."),
    }
}

fn properties(kind: Kind) -> Vec<Property> {
    match kind {
        Kind::Buildings => buildings(),
        Kind::Parcels => vec![
            text("number", "Flurstücksnummer"),
            whole("section", "Flur"),
            Property { unit: Some("m2".into()), ..whole("area_m2", "Fläche") },
            text("district", "Quartier"),
        ],
        Kind::Blocks => vec![
            coded("use", "Nutzung", USES),
            Property { unit: Some("m2".into()), ..whole("area_m2", "Fläche") },
            text("district", "Quartier"),
        ],
        Kind::Streets => vec![
            text("name", "Straßenname"),
            coded("class", "Straßenklasse", STREET_CLASSES),
            metres("width_m", "Breite"),
        ],
        Kind::Trees => vec![
            coded("species", "Art", SPECIES),
            metres("height_m", "Höhe"),
            metres("crown_m", "Kronendurchmesser"),
        ],
        Kind::Addresses => vec![
            text("street", "Straße"),
            text("house_number", "Hausnummer"),
            text("postcode", "Postleitzahl"),
            text("building", "Gebäude"),
        ],
        Kind::Districts(_) => {
            vec![text("name", "Name"), text("key", "Schlüssel"), whole("population", "Einwohner")]
        }
        Kind::SensorSites => vec![text("name", "Name"), coded("kind", "Art", SENSOR_KINDS)],
    }
}

fn buildings() -> Vec<Property> {
    let functions: Vec<_> = FUNCTIONS.iter().map(|(_, code, title)| (*code, *title)).collect();
    vec![
        coded("function", "Gebäudefunktion", &functions),
        text("name", "Name"),
        whole("storeys", "Geschosse"),
        metres("height_m", "Höhe"),
        coded("roof_type", "Dachform", ROOF_TYPES),
        whole("year_built", "Baujahr"),
        text("street", "Straße"),
        text("house_number", "Hausnummer"),
        text("postcode", "Postleitzahl"),
        text("district", "Quartier"),
    ]
}

/// Codes of the German cadastre (`AdV`, `Dachform`).
const ROOF_TYPES: &[(&str, &str)] = &[
    ("1000", "Flachdach"),
    ("2100", "Pultdach"),
    ("3100", "Satteldach"),
    ("3200", "Walmdach"),
    ("3500", "Zeltdach"),
];

const USES: &[(&str, &str)] = &[
    ("residential", "Wohnen"),
    ("mixed", "Gemischt"),
    ("commercial", "Gewerbe und Industrie"),
    ("public", "Öffentliche Einrichtung"),
    ("square", "Platz"),
    ("park", "Park und Grün"),
    ("field", "Feld und Wiese"),
    ("water", "Wasser"),
];

const STREET_CLASSES: &[(&str, &str)] = &[
    ("primary", "Hauptverkehrsstraße"),
    ("secondary", "Sammelstraße"),
    ("residential", "Wohnstraße"),
    ("path", "Weg"),
];

pub(crate) const SPECIES: &[(&str, &str)] = &[
    ("Tilia cordata", "Winter-Linde"),
    ("Acer platanoides", "Spitz-Ahorn"),
    ("Quercus robur", "Stiel-Eiche"),
    ("Platanus x hispanica", "Platane"),
    ("Carpinus betulus", "Hainbuche"),
    ("Fagus sylvatica", "Rot-Buche"),
    ("Betula pendula", "Hänge-Birke"),
    ("Salix alba", "Silber-Weide"),
    ("Malus domestica", "Apfelbaum"),
    ("Prunus avium", "Kirschbaum"),
];

const SENSOR_KINDS: &[(&str, &str)] = &[
    ("air", "Luftgüte"),
    ("bicycle", "Radzählstelle"),
    ("parking", "Parkplatz"),
    ("noise", "Lärm"),
    ("water", "Pegel"),
];

fn property(name: &str, kind: PropertyKind, title: &str) -> Property {
    Property { title: Some(title.to_owned()), ..Property::new(name, kind) }
}

fn text(name: &str, title: &str) -> Property {
    property(name, PropertyKind::Text, title)
}

fn whole(name: &str, title: &str) -> Property {
    property(name, PropertyKind::Integer, title)
}

fn metres(name: &str, title: &str) -> Property {
    Property { unit: Some("m".to_owned()), ..property(name, PropertyKind::Number, title) }
}

fn coded(name: &str, title: &str, codes: &[(&str, &str)]) -> Property {
    let codes: Vec<(Value, String)> =
        codes.iter().map(|(code, title)| (json!(code), (*title).to_owned())).collect();
    Property { codes, ..text(name, title) }
}
