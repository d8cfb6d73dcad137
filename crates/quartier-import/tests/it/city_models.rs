use std::{collections::BTreeSet, path::Path, process::Command};

use geo::{Area as _, BooleanOps as _, MultiPolygon};
use quartier_import::{Expected, ReadOptions};
use quartier_model::{CityObject, Form, Properties, PropertyKind, SurfaceKind};

use crate::support::{Taken, bodies_and_surfaces, data, file, in_crs, read, source};

fn wesel(folder: &Path) -> bool {
    let Some(archive) = data("nrw-lod2/lod2-tiles-129.tar.xz") else { return false };
    let unpacked = Command::new("tar").arg("xJf").arg(archive).arg("-C").arg(folder).status();
    assert!(unpacked.unwrap().success());
    let is_wesel = |name: &str| {
        let east: u32 = name.split('_').nth(2).unwrap().parse().unwrap();
        (324..=345).contains(&east)
    };
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if !is_wesel(&entry.file_name().to_string_lossy()) {
            std::fs::remove_file(entry.path()).unwrap();
        }
    }
    true
}

#[test]
fn the_tiles_around_wesel_hold_every_building_solid_and_polygon() {
    let folder = tempfile::tempdir().unwrap();
    if !wesel(folder.path()) {
        return;
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 113);
    let taken = read(folder.path(), &ReadOptions::default()).unwrap();
    assert_eq!(taken.rejected, []);
    assert_eq!(taken.objects.len(), 6_631);
    let counts = taken.objects.iter().map(|object| bodies_and_surfaces(&object.structure));
    let (solids, polygons) =
        counts.fold((0, 0), |(bodies, surfaces), it| (bodies + it.0, surfaces + it.1));
    assert_eq!((solids, polygons), (7_593, 85_832));
    let bodies = |object: &CityObject| object.structure.bodies.clone();
    assert!(taken.objects.iter().flat_map(bodies).all(|body| body.form == Form::Solid));
    for object in &taken.objects {
        let key = object.feature.properties["Gemeindeschluessel"].as_str().unwrap();
        assert!(key.starts_with("05"), "{key}");
        assert!(object.feature.geometry.as_ref().unwrap().heights().is_some());
    }
}

const TILE: &str = "nrw-lod2/LoD2_32_333_5728_1_NW.gml";

#[test]
fn an_official_building_keeps_its_properties_heights_and_surfaces() {
    let Some(tile) = data(TILE) else { return };
    let opened = source(&tile, &ReadOptions::default()).unwrap();
    assert_eq!(opened.format, "CityGML 1.0");
    assert_eq!(opened.crs.definition, "EPSG:25832+7837");
    assert_eq!(opened.crs.horizontal, "EPSG:25832");
    assert_eq!(opened.schema.property("measuredHeight").unwrap().unit.as_deref(), Some("m"));
    assert_eq!(opened.expected, Some(Expected::Bytes(tile.metadata().unwrap().len())));
    let taken = read(&tile, &ReadOptions::default()).unwrap();
    let building = taken.object("DENW34AL0000hF0x");
    let properties = &building.feature.properties;
    for (name, value) in [
        ("object_type", "Building"),
        ("Gemeindeschluessel", "05170048"),
        ("function", "31001_1010"),
        ("creationDate", "2021-01-23"),
        ("externalReference", "DENW34AL0000hF0x"),
    ] {
        assert_eq!(properties[name], value);
    }
    assert_eq!(properties["measuredHeight"], 10.129);
    let body = &building.structure.bodies[0];
    assert_eq!((body.form, body.lod.to_string().as_str()), (Form::Solid, "2"));
    assert_eq!(body.surfaces.len(), 11);
    let kinds: BTreeSet<String> = body.surfaces.iter().map(|it| format!("{:?}", it.kind)).collect();
    assert_eq!(kinds, BTreeSet::from(["Ground", "Roof", "Wall"].map(str::to_owned)));
}

#[test]
fn every_address_becomes_properties_of_its_building_or_part() {
    let Some(tile) = data(TILE) else { return };
    let taken = read(&tile, &ReadOptions::default()).unwrap();
    let addresses = |properties: &Properties| match properties.get("addresses") {
        Some(all) => all.as_array().unwrap().len(),
        None => usize::from(properties.contains_key("street")),
    };
    let of_object = |object: &CityObject| {
        let parts = object.structure.parts.iter().map(|part| addresses(&part.properties));
        addresses(&object.feature.properties) + parts.sum::<usize>()
    };
    let written = std::fs::read_to_string(&tile).unwrap().matches("<bldg:address>").count();
    assert_eq!(taken.objects.iter().map(of_object).sum::<usize>(), written);
    let some =
        taken.objects.iter().find(|it| it.feature.properties.contains_key("street")).unwrap();
    assert_eq!(some.feature.properties["locality"], "Wesel");
    assert_eq!(some.feature.properties["country"], "Germany");
}

#[test]
fn a_model_in_an_old_encoding_keeps_its_umlauts() {
    let text = city_gml("EPSG:25832", TILTED).replace("UTF-8", "ISO-8859-1").replace("&#233;", "ß");
    let bytes: Vec<u8> = text.chars().map(|letter| letter as u8).collect();
    let (_folder, path) = file("old.gml", bytes);
    let taken = read(&path, &ReadOptions::default()).unwrap();
    assert_eq!(taken.only().feature.properties["note"], "Cafß & Bar");
}

fn polygons(object: &CityObject) -> MultiPolygon<f64> {
    match object.feature.geometry.as_ref().unwrap().plane() {
        geo::Geometry::Polygon(polygon) => polygon.clone().into(),
        geo::Geometry::MultiPolygon(polygons) => polygons.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn city_json_its_sequence_and_city_gml_of_the_same_buildings_agree() {
    let models = [
        "models/lod2_buildings_v2.json",
        "models/lod2_buildings_as_CityJSON_features.jsonl",
        "models/lod2_buildings_v3.gml",
    ];
    let taken: Vec<Taken> = models
        .iter()
        .filter_map(|path| Some(read(&data(path)?, &in_crs("EPSG:3068")).unwrap()))
        .collect();
    let [json, sequence, gml] = taken.as_slice() else { return };
    assert_eq!((json.objects.len(), sequence.objects.len(), gml.objects.len()), (100, 100, 100));
    for object in &json.objects {
        let id = object.feature.id.as_str();
        assert_eq!(object, sequence.object(id));
        let other = gml.object(id);
        let (one, other_body) = (&object.structure.bodies[0], &other.structure.bodies[0]);
        assert_eq!(one.surfaces.len(), other_body.surfaces.len(), "{id}");
        let roofs = |body: &quartier_model::Body| {
            body.surfaces.iter().filter(|it| it.kind == SurfaceKind::Roof).count()
        };
        assert_eq!(roofs(one), roofs(other_body), "{id}");
        let apart = polygons(object).xor(&polygons(other)).unsigned_area();
        assert!(apart < 1e-6, "{id}: {apart}");
        for name in [
            "measuredHeight",
            "class",
            "roofType",
            "storeysAboveGround",
            "storeyHeightsAboveGround",
        ] {
            let (one, other) = (&object.feature.properties[name], &other.feature.properties[name]);
            assert_eq!(one, other, "{id} {name}");
        }
    }
}

#[test]
fn a_dutch_model_is_read_with_all_its_kinds_of_objects() {
    let Some(delft) = data("models/delft.json") else { return };
    let text = std::fs::read_to_string(&delft).unwrap();
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let opened = source(&delft, &ReadOptions::default()).unwrap();
    assert_eq!(opened.crs.definition, "EPSG:7415");
    assert_eq!(opened.crs.horizontal, "EPSG:28992");
    let taken = read(&delft, &ReadOptions::default()).unwrap();
    assert_eq!(taken.objects.len(), json["CityObjects"].as_object().unwrap().len());
    let kinds: BTreeSet<&str> = taken
        .objects
        .iter()
        .map(|object| object.feature.properties["object_type"].as_str().unwrap())
        .collect();
    assert!(kinds.len() > 3, "{kinds:?}");
    assert!(taken.objects.iter().all(|object| object.feature.geometry.is_some()));
}

const PARTS: &str = r#"{"type":"CityJSON","version":"2.0","transform":{"scale":[0.5,0.5,0.5],"translate":[100,200,10]},
"metadata":{"referenceSystem":"https://www.opengis.net/def/crs/EPSG/0/7415"},
"CityObjects":{
 "tower":{"type":"BuildingPart","parents":["house"],"attributes":{"measuredHeight":9.5},"geometry":[{"type":"Solid","lod":"1.2",
   "boundaries":[[[[0,3,2,1]],[[4,5,6,7]],[[0,1,5,4]],[[1,2,6,5]],[[2,3,7,6]],[[3,0,4,7]]]],
   "semantics":{"surfaces":[{"type":"GroundSurface"},{"type":"RoofSurface"}],"values":[[0,1,null,null,null,null]]}}]},
 "house":{"type":"Building","children":["tower","hall"],"attributes":{"name":"Rathaus"},
   "address":[{"Country":"NL","Locality":"Delft","ThoroughfareName":"Markt","ThoroughfareNumber":"87"}]},
 "hall":{"type":"BuildingPart","parents":["house"],"geometry":[{"type":"MultiSurface","lod":"2","boundaries":[[[1,2,8,9]]],
   "semantics":{"surfaces":[{"type":"GroundSurface"}],"values":[0]}}]},
 "lamp":{"type":"CityFurniture","geometry":[{"type":"MultiPoint","boundaries":[9]}]}
},
"vertices":[[0,0,0],[20,0,0],[20,20,0],[0,20,0],[0,0,8],[20,0,8],[20,20,8],[0,20,8],[40,20,0],[40,0,0]]}"#;

#[test]
fn parts_that_come_before_their_building_belong_to_it() {
    let (_folder, path) = file("house.city.json", PARTS);
    let taken = read(&path, &ReadOptions::default()).unwrap();
    assert_eq!(taken.objects.len(), 2, "{:?}", taken.rejected);
    let house = taken.object("house");
    let parts: Vec<&str> = house.structure.parts.iter().map(|part| part.id.as_str()).collect();
    assert_eq!(parts, ["tower", "hall"]);
    let tower = &house.structure.parts[0];
    assert_eq!(tower.bodies[0].lod.to_string(), "1.2");
    assert_eq!(tower.bodies[0].surfaces[1].kind, SurfaceKind::Roof);
    assert_eq!(tower.properties["measuredHeight"], 9.5);
    assert_eq!(house.feature.properties["street"], "Markt");
    assert_eq!(house.feature.properties["house_number"], "87");
}

#[test]
fn adjoining_ground_surfaces_become_one_footprint_on_the_ground() {
    let (_folder, path) = file("house.city.json", PARTS);
    let taken = read(&path, &ReadOptions::default()).unwrap();
    let footprint = taken.object("house").feature.geometry.clone().unwrap();
    assert!(matches!(footprint.plane(), geo::Geometry::Polygon(_)), "{footprint:?}");
    assert_eq!(footprint.plane().unsigned_area(), 200.0);
    assert!(footprint.heights().unwrap().iter().all(|height| *height == 10.0));
}

#[test]
fn an_object_of_points_is_a_point_with_its_height() {
    let (_folder, path) = file("house.city.json", PARTS);
    let taken = read(&path, &ReadOptions::default()).unwrap();
    let lamp = &taken.object("lamp").feature;
    assert_eq!(lamp.properties["object_type"], "CityFurniture");
    let position = lamp.geometry.as_ref().unwrap();
    assert_eq!(position.coords(), [geo::Coord { x: 120.0, y: 200.0 }]);
    assert_eq!(position.heights(), Some([10.0].as_slice()));
}

fn city_gml(srs_name: &str, objects: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<core:CityModel xmlns:core="http://www.opengis.net/citygml/2.0" xmlns:bldg="http://www.opengis.net/citygml/building/2.0"
 xmlns:gml="http://www.opengis.net/gml" xmlns:gen="http://www.opengis.net/citygml/generics/2.0" xmlns:xlink="http://www.w3.org/1999/xlink">
<gml:boundedBy><gml:Envelope srsName="{srs_name}" srsDimension="3"><gml:lowerCorner>350000 5700000 50</gml:lowerCorner>
<gml:upperCorner>350100 5700100 60</gml:upperCorner></gml:Envelope></gml:boundedBy>{objects}</core:CityModel>"#
    )
}

const TILTED: &str = r##"<core:cityObjectMember><bldg:Building gml:id="b">
<gen:intAttribute name="flats"><gen:value>4</gen:value></gen:intAttribute>
<gen:doubleAttribute name="ratio"><gen:value>0.5</gen:value></gen:doubleAttribute>
<gen:stringAttribute name="note"><gen:value>Caf&#233; &amp; Bar</gen:value></gen:stringAttribute>
<gen:genericAttributeSet name="energy"><gen:stringAttribute name="class"><gen:value>A</gen:value></gen:stringAttribute></gen:genericAttributeSet>
<bldg:function>1</bldg:function><bldg:function>2</bldg:function><bldg:yearOfConstruction>1908</bldg:yearOfConstruction>
<bldg:boundedBy><bldg:GroundSurface><bldg:lod2MultiSurface><gml:MultiSurface><gml:surfaceMember>
 <gml:Polygon gml:id="p"><gml:exterior><gml:LinearRing><gml:posList>350000 5700000 50 350000 5700010 50 350010 5700010 50 350010 5700000 50 350000 5700000 50</gml:posList></gml:LinearRing></gml:exterior>
 <gml:interior><gml:LinearRing><gml:pos>350002 5700002 50</gml:pos><gml:pos>350004 5700002 50</gml:pos><gml:pos>350004 5700004 50</gml:pos><gml:pos>350002 5700002 50</gml:pos></gml:LinearRing></gml:interior></gml:Polygon>
</gml:surfaceMember></gml:MultiSurface></bldg:lod2MultiSurface></bldg:GroundSurface></bldg:boundedBy>
<bldg:lod2Solid><gml:Solid><gml:exterior><gml:CompositeSurface>
 <gml:surfaceMember><gml:OrientableSurface orientation="-"><gml:baseSurface xlink:href="#p"/></gml:OrientableSurface></gml:surfaceMember>
 <gml:surfaceMember xlink:href="#elsewhere"/>
</gml:CompositeSurface></gml:exterior></gml:Solid></bldg:lod2Solid>
</bldg:Building></core:cityObjectMember>"##;

#[test]
fn links_holes_turned_surfaces_and_generic_attributes_are_read() {
    let (_folder, path) =
        file("b.gml", city_gml("urn:ogc:def:crs,crs:EPSG::25832,crs:EPSG::7837", TILTED));
    let taken = read(&path, &ReadOptions::default()).unwrap();
    let building = taken.only();
    let properties = &building.feature.properties;
    assert_eq!(properties["flats"], 4);
    assert_eq!(properties["ratio"], 0.5);
    assert_eq!(properties["note"], "Café & Bar");
    assert_eq!(properties["energy"]["class"], "A");
    assert_eq!(properties["function"], serde_json::json!(["1", "2"]));
    assert_eq!(properties["yearOfConstruction"], 1908);
    let body = &building.structure.bodies[0];
    assert_eq!((building.structure.bodies.len(), body.surfaces.len()), (1, 1));
    let surface = &body.surfaces[0];
    assert_eq!((surface.kind, surface.rings.len()), (SurfaceKind::Ground, 2));
    let second = body.vertices[surface.rings[0][1] as usize];
    assert_eq!(second, [350_010.0, 5_700_000.0, 50.0], "turned round");
    assert_eq!(building.feature.geometry.as_ref().unwrap().plane().unsigned_area(), 98.0);
    assert_eq!(taken.repaired[0].1, "1 link(s) left out that lead to other objects");
}

#[test]
fn coordinates_with_north_first_are_turned() {
    let objects = TILTED.replace("3500", "51.500").replace("57000", "7.000");
    let text = city_gml("urn:ogc:def:crs:EPSG::4258", &objects)
        .replace("350000 5700000 50", "51.5 7.0 50");
    let (_folder, path) = file("b.gml", text);
    let opened = source(&path, &ReadOptions::default()).unwrap();
    assert_eq!(opened.warnings, ["the coordinates are north before east: they are turned"]);
    let taken = read(&path, &ReadOptions::default()).unwrap();
    let bbox = taken.only().feature.geometry.as_ref().unwrap().bbox();
    assert!(bbox.min_x < 10.0 && bbox.min_y > 50.0, "{bbox:?}");
}

#[test]
fn a_property_can_be_the_id_of_a_building() {
    let (_folder, path) = file("b.gml", city_gml("EPSG:25832", TILTED));
    let options = ReadOptions { id_field: Some("flats".to_owned()), ..ReadOptions::default() };
    let taken = read(&path, &options).unwrap();
    assert_eq!(taken.only().feature.id.as_str(), "4");
    assert_eq!(taken.only().feature.source_id.as_ref().unwrap().as_str(), "b");
}

#[test]
fn a_city_model_names_the_kinds_of_its_dates() {
    let (_folder, path) = file("b.gml", city_gml("EPSG:25832", TILTED));
    let schema = source(&path, &ReadOptions::default()).unwrap().schema;
    assert_eq!(schema.property("creationDate").unwrap().kind, PropertyKind::Date);
}
