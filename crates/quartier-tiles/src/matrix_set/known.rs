use std::f64::consts::PI;

use geo_types::Coord;
use quartier_model::Crs;

use super::{PIXEL_M, TileMatrix, TileMatrixSet};

/// The radius of the sphere that Web Mercator takes the Earth for, in metres.
const EARTH_RADIUS_M: f64 = 6_378_137.0;

/// How far below the first zoom that shows every vertex the sets go: to a tile of 2.4 metres at the equator.
const DEEPER: u8 = 8;

/// Level 0 of the grid of the German surveying offices, in metres.
const ADV_CELL_M: f64 = 4_891.969_810_251_28;

/// How wide and high that grid is, in metres: a tile of 256 pixels at level 0.
const ADV_SIDE_M: f64 = 256.0 * ADV_CELL_M;

impl TileMatrixSet {
    /// The grid of the web's maps: EPSG:3857, a square that halves with each zoom.
    pub fn web_mercator_quad() -> Self {
        let half = PI * EARTH_RADIUS_M;
        Self {
            id: "WebMercatorQuad".into(),
            title: "Google Maps Compatible for the World".into(),
            uri: Some("http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad".into()),
            scale_set: Some("http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible".into()),
            crs: Crs::WEB_MERCATOR,
            axes: ["X".into(), "Y".into()],
            is_north_first: false,
            origin: Coord { x: -half, y: half },
            tile_size: 256,
            matrices: halving(16 + DEEPER, 2.0 * half / 256.0, 1.0, |zoom| {
                (1_u32 << zoom, 1_u32 << zoom)
            }),
        }
    }

    /// The world in degrees, two squares beside each other.
    pub fn world_crs84_quad() -> Self {
        let metres = EARTH_RADIUS_M * PI / 180.0;
        let size = |zoom| (2_u32 << zoom, 1_u32 << zoom);
        Self {
            id: "WorldCRS84Quad".into(),
            title: "CRS84 for the World".into(),
            uri: Some("http://www.opengis.net/def/tilematrixset/OGC/1.0/WorldCRS84Quad".into()),
            scale_set: Some("http://www.opengis.net/def/wkss/OGC/1.0/GoogleCRS84Quad".into()),
            crs: Crs::Crs84,
            axes: ["Lon".into(), "Lat".into()],
            is_north_first: false,
            origin: Coord { x: -180.0, y: 90.0 },
            tile_size: 256,
            matrices: halving(15 + DEEPER, 180.0 / 256.0, metres, size),
        }
    }

    /// The grid in EPSG:25832 that basemap.de and the German surveying offices (`AdV`) use: the same resolutions with
    /// tiles of 256 pixels, or of more by name.
    pub fn germany_utm32(tile_size: u32) -> Self {
        let (id, title) = ("DE_EPSG_25832_ADV", "Germany in ETRS89 / UTM zone 32N");
        let (id, title) = match tile_size {
            256 => (id.into(), title.into()),
            _ => {
                (format!("{id}_{tile_size}").into(), format!("{title}, {tile_size} pixels").into())
            }
        };
        let count = |zoom: u8| {
            let span = ADV_CELL_M * f64::from(tile_size) / f64::from(1_u32 << zoom);
            (ADV_SIDE_M / span).ceil() as u32
        };
        let zoom_max = 11 + DEEPER + (tile_size / 256).ilog2() as u8;
        Self {
            id,
            title,
            uri: None,
            scale_set: None,
            crs: Crs::Epsg(25832),
            axes: ["E".into(), "N".into()],
            is_north_first: false,
            origin: Coord { x: -46_133.17, y: 6_301_219.54 },
            tile_size,
            matrices: halving(zoom_max, ADV_CELL_M, 1.0, |zoom| (count(zoom), count(zoom))),
        }
    }
}

/// Levels that halve the cell, from a cell size, the metres in the CRS's unit, and the tiles across and down.
fn halving(
    zoom_max: u8,
    cell_size: f64,
    metres: f64,
    size: impl Fn(u8) -> (u32, u32),
) -> Vec<TileMatrix> {
    let level = |zoom: u8| {
        let cell_size = cell_size / f64::from(1_u32 << zoom);
        let (width, height) = size(zoom);
        let scale_denominator = cell_size * metres / PIXEL_M;
        TileMatrix { zoom, scale_denominator, cell_size, width, height }
    };
    (0..=zoom_max).map(level).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_levels(set: &TileMatrixSet, listed: &[(u8, f64, f64, (u32, u32))]) {
        for (zoom, scale, cell, size) in listed {
            let matrix = set.matrix(*zoom).unwrap();
            assert!((matrix.scale_denominator / scale - 1.0).abs() < 1e-8, "{matrix:?}");
            assert!((matrix.cell_size / cell - 1.0).abs() < 1e-8, "{matrix:?}");
            assert_eq!((matrix.width, matrix.height), *size, "{} {zoom}", set.id);
        }
    }

    #[test]
    fn the_levels_of_web_mercator_quad_are_those_of_the_register() {
        let listed = [
            (0, 559_082_264.028_717, 156_543.033_928_041, (1, 1)),
            (14, 34_123.673_341_596_5, 9.554_628_535_647_03, (1 << 14, 1 << 14)),
            (24, 33.323_899_747_652_83, 0.009_330_691_929_342_8, (1 << 24, 1 << 24)),
        ];
        assert_levels(&TileMatrixSet::web_mercator_quad(), &listed);
    }

    #[test]
    fn the_levels_of_world_crs84_quad_are_those_of_the_register() {
        let listed = [
            (0, 279_541_132.014_358, 0.703_125, (2, 1)),
            (4, 17_471_320.750_897_4, 0.043_945_312_5, (32, 16)),
            (23, 33.323_899_747_652_8, 8.381_903_171_539e-8, (1 << 24, 1 << 23)),
        ];
        let set = TileMatrixSet::world_crs84_quad();
        assert_levels(&set, &listed);
        assert_eq!(set.matrices.len(), 24);
    }

    #[test]
    fn the_grid_of_the_surveying_offices_covers_germany_in_tiles_of_both_sizes() {
        let small = TileMatrixSet::germany_utm32(256);
        let listed = [
            (0, 17_471_320.750_897_4, 4_891.969_810_251_28, (1, 1)),
            (15, 533.182_395_962_446, 0.149_291_070_864_601, (1 << 15, 1 << 15)),
        ];
        assert_levels(&small, &listed);
        let reach = small.reach(0).unwrap();
        assert!((reach.max_x - 1_206_211.101_424_33).abs() < 1e-6, "{reach:?}");
        assert!((reach.min_y - 5_048_875.268_575_67).abs() < 1e-6, "{reach:?}");

        let large = TileMatrixSet::germany_utm32(512);
        assert_eq!(large.id, "DE_EPSG_25832_ADV_512");
        let sizes = [0, 1, 2, 15].map(|zoom| large.matrix(zoom).unwrap().width);
        assert_eq!(sizes, [1, 1, 2, 1 << 14]);
        let (tile, above) = (large.tile(9, 5, 7).unwrap(), small.tile(8, 5, 7).unwrap());
        assert_eq!(large.bbox(tile), small.bbox(above));
    }
}
