use geo_types::{LineString, Polygon};
use quartier_model::{CityObject, Geometry, Part, Properties, Structure};
use serde_json::{Value, json};

use super::{Scene, object, properties, tenths};
use crate::{
    addresses::Address,
    building::Building,
    form::{Form, Mass, Wing},
    solid::{Stand, prism, wing},
    warp::ground_m,
};

pub(super) fn objects(scene: &Scene<'_>) -> Vec<CityObject> {
    let numbered = scene.numbered();
    let mut plot_before = None;
    let objects = numbered.map(|(number, plot, building)| {
        let is_main = plot_before != Some(plot);
        plot_before = Some(plot);
        let address = scene.addresses[plot].as_ref().filter(|_| is_main);
        let frame = scene.plots[plot].frame;
        let id = id(number);
        let stand = Stand { frame, ground_m: ground_m(frame.place(building.form.outline[0])) };
        let structure = structure(&building.form, stand, &id);
        let known = described(scene, building, address);
        CityObject { structure, ..object(id, footprint(&building.form, stand), known) }
    });
    objects.collect()
}

/// As the states' building models number theirs.
pub(super) fn id(number: u64) -> String {
    format!("DEQUAR{number:010}")
}

fn described(scene: &Scene<'_>, building: &Building, address: Option<&Address>) -> Properties {
    let mut known = Properties::with_capacity(10);
    let mut tell = |name: &str, value: Value| known.insert(name.to_owned(), value);
    tell("function", building.function.code().into());
    if let Some(name) = &building.name {
        tell("name", name.as_str().into());
    }
    tell("storeys", building.storeys.into());
    tell("height_m", tenths(building.form.height_m()).into());
    tell("roof_type", building.form.roof().code().into());
    tell("year_built", building.year_built.into());
    if let Some(address) = address {
        tell("street", scene.street_of(address).into());
        tell("house_number", address.house_number.as_str().into());
        tell("postcode", scene.postcode.as_str().into());
    }
    tell("district", scene.district.name.as_str().into());
    known
}

fn footprint(form: &Form, stand: Stand) -> Geometry {
    let ring = |corners: &mut dyn Iterator<Item = geo_types::Coord>| {
        let mut ring: Vec<_> = corners.map(|corner| stand.frame.place(corner)).collect();
        ring.push(ring[0]);
        LineString(ring)
    };
    let outline = ring(&mut form.outline.iter().copied());
    let courtyard = form.courtyard.map(|area| ring(&mut area.corners().into_iter().rev()));
    let polygon = Polygon::new(outline, courtyard.into_iter().collect());
    let corners = polygon.exterior().0.len()
        + polygon.interiors().iter().map(|ring| ring.0.len()).sum::<usize>();
    Geometry::with_heights(polygon.into(), vec![stand.ground_m; corners])
        .expect("a building has a finite outline")
}

fn structure(form: &Form, stand: Stand, id: &str) -> Structure {
    match &form.mass {
        Mass::Prism(height_m) => {
            let body = prism(&form.outline, form.courtyard, *height_m, stand);
            Structure { bodies: vec![body], parts: Vec::new() }
        }
        Mass::Wing(only) => Structure { bodies: vec![wing(only, stand)], parts: Vec::new() },
        Mass::Wings(wings) => {
            let parts = wings.iter().enumerate();
            let parts = parts.map(|(index, part)| self::part(part, stand, id, index + 1));
            Structure { bodies: Vec::new(), parts: parts.collect() }
        }
    }
}

fn part(shape: &Wing, stand: Stand, building: &str, number: usize) -> Part {
    let id = format!("{building}-{number}");
    Part {
        id: id.try_into().expect("the building's id with a number is a good id"),
        properties: properties([
            ("height_m", json!(tenths(shape.height_m()))),
            ("roof_type", shape.roof.code().into()),
        ]),
        bodies: vec![wing(shape, stand)],
        parts: Vec::new(),
    }
}
