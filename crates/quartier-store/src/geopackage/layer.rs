use std::fmt;

use quartier_model::{Collection, CollectionId, GeometryKind, PropertyKind};
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use super::registry::Registered;
use crate::{
    Result,
    columns::{Column, columns},
    shapes::Shapes,
};

/// The columns that every layer has. GDAL takes `OGC_FID` as a view's feature id.
const RESERVED: [&str; 5] = ["ogc_fid", "geometry", "id", "valid_from", "valid_to"];

/// GeoPackage, SQLite and this store have tables that start so.
const TABLE_PREFIXES: [&str; 6] = ["gpkg_", "layer_", "quartier_", "rtree_", "sqlite_", "vgpkg_"];

/// The names of the sensors' own views.
pub(super) const VIEWS: [&str; 3] = ["observations", "sensor_link", "sensors"];

/// A name in SQL, quoted.
pub(super) struct Identifier<'a>(pub(super) &'a str);

/// A text in SQL, quoted; views take no bound values.
struct Literal<'a>(&'a str);

/// The layer's name: the collection's id where no table can have that name.
pub(super) fn name(collection: &CollectionId) -> String {
    let id = collection.as_str();
    let is_table = TABLE_PREFIXES.iter().any(|prefix| id.starts_with(prefix));
    if is_table || VIEWS.contains(&id) { format!("layer_{id}") } else { id.to_owned() }
}

/// The name of the layer's spatial index by the GeoPackage's R-tree extension.
pub(super) fn rtree(layer: &str) -> String {
    format!("rtree_{layer}_geometry")
}

/// Makes a collection's view anew and registers it. Its columns have types, as GIS programs want them: SQLite takes
/// these from the first part of the union, an empty table that is there for nothing else.
pub(super) async fn make(
    connection: &mut SqliteConnection,
    key: i64,
    collection: &Collection,
    shapes: Shapes,
    srs_id: i32,
) -> Result<()> {
    let layer = name(&collection.id);
    let types = format!("quartier_layer_{key}");
    let columns: Vec<_> =
        columns(&collection.schema, &RESERVED).into_iter().filter(is_addressable).collect();
    let geometry_type = geometry_type(shapes);
    for mut statement in [
        dropped("view", &layer),
        dropped("table", &types),
        typed_table(&types, &columns, &geometry_type),
        view(&layer, &types, key, &columns),
        spatial_index(&layer),
    ] {
        statement.build().execute(&mut *connection).await?;
    }
    for (name, event) in REFUSALS {
        refusal(&layer, name, event).build().execute(&mut *connection).await?;
    }
    let layer = Registered { layer: &layer, title: &collection.title, srs_id };
    layer.register(connection, &geometry_type, shapes.heights()).await
}

/// The R-tree extension names these triggers; on a table they keep the index, which here the store does.
const REFUSALS: [(&str, &str); 6] = [
    ("insert", "insert"),
    ("update1", "update"),
    ("update2", "update"),
    ("update3", "update"),
    ("update4", "update"),
    ("delete", "delete"),
];

/// Tells a GIS program that would edit the layer, past its history, where to do so.
fn refusal(layer: &str, name: &str, event: &str) -> QueryBuilder<Sqlite> {
    let mut sql = QueryBuilder::new("create trigger ");
    sql.push(Identifier(&format!("{}_{name}", rtree(layer)))).push(" instead of ").push(event);
    sql.push(" on ").push(Identifier(layer));
    sql.push(
        " begin select raise(abort, 'Quartier keeps this layer: change its objects there'); end",
    );
    sql
}

fn dropped(kind: &str, name: &str) -> QueryBuilder<Sqlite> {
    let mut sql = QueryBuilder::new("drop ");
    sql.push(kind).push(" if exists ").push(Identifier(name));
    sql
}

fn typed_table(types: &str, columns: &[Column<'_>], geometry_type: &str) -> QueryBuilder<Sqlite> {
    let mut sql = QueryBuilder::new("create table ");
    sql.push(Identifier(types)).push(" (OGC_FID INTEGER PRIMARY KEY, geometry ");
    sql.push(geometry_type).push(", id TEXT");
    for column in columns {
        sql.push(", ").push(Identifier(&column.name)).push(" ").push(column_type(column.kind));
    }
    sql.push(", valid_from DATETIME, valid_to DATETIME)");
    sql
}

fn view(layer: &str, types: &str, key: i64, columns: &[Column<'_>]) -> QueryBuilder<Sqlite> {
    let mut sql = QueryBuilder::new("create view ");
    sql.push(Identifier(layer)).push(" as select OGC_FID, geometry, id");
    for column in columns {
        sql.push(", ").push(Identifier(&column.name));
    }
    sql.push(", valid_from, valid_to from ")
        .push(Identifier(types))
        .push(" where 0 union all select fid, ");
    sql.push(As { value: "geometry", types, column: "geometry" }).push(", id");
    for column in columns {
        sql.push(", ");
        push_value(&mut sql, types, column);
    }
    for column in ["valid_from", "valid_to"] {
        let value = format!("strftime({DATETIME}, {column}_us / 1000000.0, 'unixepoch')");
        sql.push(", ").push(As { value: &value, types, column });
    }
    sql.push(" from quartier_object where collection = ").push(key);
    sql
}

/// As GeoPackage writes times.
const DATETIME: &str = "'%Y-%m-%dT%H:%M:%fZ'";

/// A property's value in its column's type; null where it does not fit.
fn push_value(sql: &mut QueryBuilder<Sqlite>, types: &str, column: &Column<'_>) {
    let path = format!("$.\"{}\"", column.property);
    let (path, name) = (Literal(&path), column.name.as_str());
    let value = format!("properties ->> {path}");
    let json_type = format!("json_type(properties, {path})");
    match column.kind {
        PropertyKind::Text => sql.push(format_args!("cast({value} as text)")),
        PropertyKind::Json => sql.push(format_args!("cast(properties -> {path} as text)")),
        PropertyKind::Boolean => sql.push(format_args!(
            "cast(case {json_type} when 'true' then 1 when 'false' then 0 end as boolean)"
        )),
        PropertyKind::Integer => sql.push(format_args!(
            "cast(case {json_type} when 'integer' then {value} end as integer)"
        )),
        PropertyKind::Number => sql.push(format_args!(
            "cast(case when {json_type} in ('integer', 'real') then {value} end as real)"
        )),
        PropertyKind::Date => {
            let value = format!("date({value})");
            sql.push(As { value: &value, types, column: name })
        }
        PropertyKind::DateTime => {
            let value = format!("strftime({DATETIME}, {value})");
            sql.push(As { value: &value, types, column: name })
        }
    };
}

/// A value as it is, with the affinity of a column: SQLite looks through a union only where these are the same on
/// both sides, and has to before it can use an index. A cast would make the number 2026 of the text 2026-11-23.
struct As<'a> {
    value: &'a str,
    types: &'a str,
    column: &'a str,
}

impl fmt::Display for As<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { value, types, column } = self;
        let (types, column) = (Identifier(types), Identifier(column));
        write!(formatter, "(select {value} union all select {column} from {types} where 0)")
    }
}

/// SQLite's JSON paths cannot name what has a quote or a backslash in it.
fn is_addressable(column: &Column<'_>) -> bool {
    !column.property.contains(['"', '\\']) && !column.property.is_empty()
}

fn spatial_index(layer: &str) -> QueryBuilder<Sqlite> {
    let mut sql = QueryBuilder::new("create virtual table if not exists ");
    sql.push(Identifier(&rtree(layer))).push(" using rtree (id, minx, maxx, miny, maxy)");
    sql
}

fn geometry_type(shapes: Shapes) -> String {
    shapes.kind().map_or("GEOMETRY", GeometryKind::name).to_uppercase()
}

fn column_type(kind: PropertyKind) -> &'static str {
    match kind {
        PropertyKind::Boolean => "BOOLEAN",
        PropertyKind::Integer => "INTEGER",
        PropertyKind::Number => "REAL",
        PropertyKind::Text | PropertyKind::Json => "TEXT",
        PropertyKind::Date => "DATE",
        PropertyKind::DateTime => "DATETIME",
    }
}

impl fmt::Display for Identifier<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "\"{}\"", self.0.replace('"', "\"\""))
    }
}

impl fmt::Display for Literal<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "'{}'", self.0.replace('\'', "''"))
    }
}
