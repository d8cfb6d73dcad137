use quartier_model::{Bbox, Crs, GeometryKind};
use quartier_tiles::TileMatrixSet;
use quartier_twin::CollectionSnapshot;
use serde_json::{Map, Value, json};

use super::{
    layers::Layers,
    limits::{limits, written},
};
use crate::{
    ask::Ask,
    features::{property_schema, without_nulls},
    format::Format,
    links::{Link, segment},
};

/// The zoom of the web's maps that a map may open at: a quarter with its buildings.
const CENTRE_ZOOM: u8 = 14;

/// The relation of a tile set, or a layer, to what it shows.
const GEODATA: &str = "http://www.opengis.net/def/rel/ogc/1.0/geodata";

/// A tile set in a list; `None` where the grid does not reach the data.
pub(super) fn summary(ask: &Ask, layers: &Layers, set: &TileMatrixSet) -> Option<Value> {
    let limits = limits(layers, set);
    if limits.is_empty() && layers.bounds().is_some() {
        return None;
    }
    let path = format!("{}/{}{}", layers.path, set.id, layers.query);
    let links = [
        ask.link("self", &path, Format::Json, &set.title),
        tiling_scheme(ask, set),
        tiles(ask, layers, set),
    ];
    Some(without_nulls(json!({
        "title": format!("{}: {}", layers.title, set.title),
        "dataType": "vector",
        "crs": set.crs.uri(),
        "tileMatrixSetURI": set.uri,
        "tileMatrixSetId": set.id,
        "tileMatrixSetLimits": written(&limits),
        "links": links,
    })))
}

/// A tile set's metadata: OGC 17-083r4, [TileSetMetadata](https://docs.ogc.org/is/17-083r4/17-083r4.html#toc34).
pub(super) fn metadata(ask: &Ask, layers: &Layers, set: &TileMatrixSet) -> Value {
    let shown: Vec<Value> =
        layers.collections.iter().map(|it| layer(ask, layers, set, it)).collect();
    without_nulls(json!({
        "title": layers.title,
        "dataType": "vector",
        "mediaTypes": [Format::Mvt.link_type()],
        "crs": set.crs.uri(),
        "tileMatrixSetURI": set.uri,
        "tileMatrixSetId": set.id,
        "tileMatrixSetLimits": written(&limits(layers, set)),
        "boundingBox": layers.bounds().map(bounding_box),
        "centerPoint": layers.bounds().map(|bounds| centre(bounds, set)),
        "layers": shown,
        "links": links(ask, layers, set),
    }))
}

fn layer(ask: &Ask, layers: &Layers, set: &TileMatrixSet, it: &CollectionSnapshot) -> Value {
    let said = &it.collection;
    let id = json!({ "type": "string", "title": "Id", "x-ogc-role": "id" });
    let own = layers.properties(it);
    let own = own.map(|property| (property.name.clone(), property_schema(property).into()));
    let properties: Map<String, Value> =
        std::iter::once(("id".to_owned(), id)).chain(own).collect();
    let path = format!("/collections/{}", segment(said.id.as_str()));
    without_nulls(json!({
        "id": said.id,
        "title": said.title,
        "description": said.description,
        "attribution": said.attribution,
        "license": said.licence,
        "dataType": "vector",
        "geometryDimension": dimension(it),
        "minTileMatrix": set.zoom_of_web(it.tiles.min_zoom).to_string(),
        "maxTileMatrix": set.zoom_of_web(it.tiles.max_zoom).to_string(),
        "boundingBox": it.extent_degrees.map(bounding_box),
        "propertiesSchema": { "type": "object", "properties": properties },
        "links": [
            ask.link(GEODATA, &path, Format::Json, &said.title),
        ],
    }))
}

/// Of the largest geometries; `None` of a collection without any.
fn dimension(it: &CollectionSnapshot) -> Option<u8> {
    let dimensions = it.index.kinds().into_iter().map(|kind| match kind {
        GeometryKind::Point | GeometryKind::MultiPoint => 0,
        GeometryKind::LineString | GeometryKind::MultiLineString => 1,
        GeometryKind::Polygon | GeometryKind::MultiPolygon | GeometryKind::GeometryCollection => 2,
    });
    dimensions.max()
}

fn bounding_box(bounds: Bbox) -> Value {
    json!({
        "lowerLeft": [bounds.min_x, bounds.min_y],
        "upperRight": [bounds.max_x, bounds.max_y],
        "crs": Crs::Crs84.uri(),
        "orderedAxes": ["Lon", "Lat"],
    })
}

fn centre(bounds: Bbox, set: &TileMatrixSet) -> Value {
    let middle =
        [f64::midpoint(bounds.min_x, bounds.max_x), f64::midpoint(bounds.min_y, bounds.max_y)];
    json!({
        "coordinates": middle,
        "crs": Crs::Crs84.uri(),
        "tileMatrix": set.zoom_of_web(CENTRE_ZOOM).to_string(),
    })
}

fn links(ask: &Ask, layers: &Layers, set: &TileMatrixSet) -> Vec<Link> {
    let described = format!("{}/{}/tilejson.json{}", layers.path, set.id, layers.query);
    let mut links = ask.own_links(Format::Json, &[Format::Json, Format::Html]);
    links.push(tiling_scheme(ask, set));
    links.push(tiles(ask, layers, set));
    links.push(ask.link("describedby", &described, Format::Json, "TileJSON"));
    if let [it] = &*layers.collections {
        let path = format!("/collections/{}", segment(it.collection.id.as_str()));
        links.push(ask.link(GEODATA, &path, Format::Json, &it.collection.title));
    }
    links
}

fn tiles(ask: &Ask, layers: &Layers, set: &TileMatrixSet) -> Link {
    let (path, query) = (&layers.path, &layers.query);
    let tiles = format!("{path}/{}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}{query}", set.id);
    ask.link("item", &tiles, Format::Mvt, "Tiles").templated()
}

fn tiling_scheme(ask: &Ask, set: &TileMatrixSet) -> Link {
    const REL: &str = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme";
    ask.link(REL, &format!("/tileMatrixSets/{}", set.id), Format::Json, &set.title)
}
