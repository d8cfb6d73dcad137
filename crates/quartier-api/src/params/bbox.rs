use geo_types::Coord;
use quartier_crs::Transform;
use quartier_model::{Bbox, BboxError, Crs};

use super::crs::OfferedCrs;
use crate::{
    App,
    error::{ApiError, Result, shown},
    query::Query,
};

/// Takes `bbox` and `bbox-crs` as boxes in WGS 84 degrees; `None` for everywhere.
pub(crate) fn take_degrees(query: &mut Query, app: &App) -> Result<Option<Vec<Bbox>>> {
    let crs = app.crss.take(query, "bbox-crs")?;
    let degrees = Transform::between(crs.crs, Crs::Crs84).map_err(ApiError::internal)?;
    query.read("bbox", |text| {
        let boxes = read_bbox(text, crs)?.into_iter().map(|it| degrees.bbox(&it));
        boxes.collect::<Result<Vec<Bbox>, _>>().map_err(|error| error.to_string())
    })
}

/// Whether a position is in one of the boxes, or on its edge.
pub(crate) fn is_in(boxes: &[Bbox], at: Coord<f64>) -> bool {
    let is_in =
        |it: &Bbox| (it.min_x..=it.max_x).contains(&at.x) && (it.min_y..=it.max_y).contains(&at.y);
    boxes.iter().any(is_in)
}

/// The boxes that a `bbox` means, x before y: one, or two where it crosses the antimeridian.
///
/// The numbers come in the order of the CRS's axes; heights are the third and the sixth of six.
pub(crate) fn read_bbox(text: &str, crs: OfferedCrs) -> Result<Vec<Bbox>, String> {
    let numbers = text.split(',').map(read_number).collect::<Result<Vec<f64>, String>>()?;
    let ([a, b, c, d], heights) = match *numbers.as_slice() {
        [a, b, c, d] => ([a, b, c, d], None),
        [a, b, low, c, d, high] => ([a, b, c, d], Some((low, high))),
        _ => return Err(BboxError::Count(numbers.len()).to_string()),
    };
    let (west, south, east, north) = if crs.is_north_first { (b, a, d, c) } else { (a, b, c, d) };
    let spans = if crs.is_geographic {
        within("latitude", &[south, north], 90.0)?;
        within("longitude", &[west, east], 180.0)?;
        spans(west, east)
    } else {
        vec![(west, east)]
    };
    let boxes = spans.into_iter().map(|(west, east)| {
        let flat = Bbox::new(west, south, east, north)?;
        heights.map_or(Ok(flat), |(low, high)| flat.with_heights(low, high))
    });
    boxes.collect::<Result<_, _>>().map_err(|error: BboxError| error.to_string())
}

/// A west beyond the east crosses the antimeridian.
fn spans(west: f64, east: f64) -> Vec<(f64, f64)> {
    if west <= east { vec![(west, east)] } else { vec![(west, 180.0), (-180.0, east)] }
}

fn within(axis: &str, numbers: &[f64], max: f64) -> Result<(), String> {
    match numbers.iter().find(|number| number.abs() > max) {
        Some(number) => Err(format!("the {axis} {number} is outside -{max} to {max}")),
        None => Ok(()),
    }
}

fn read_number(text: &str) -> Result<f64, String> {
    let number = text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
    number.ok_or_else(|| BboxError::Number(shown(text)).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CRS84: OfferedCrs =
        OfferedCrs { crs: Crs::Crs84, is_north_first: false, is_geographic: true };
    const UTM: OfferedCrs =
        OfferedCrs { crs: Crs::Epsg(25832), is_north_first: false, is_geographic: false };

    #[test]
    fn a_box_across_the_antimeridian_is_two() {
        let boxes = read_bbox("177,-20,-178,-16", CRS84).unwrap();
        let parts = [
            Bbox::new(177.0, -20.0, 180.0, -16.0).unwrap(),
            Bbox::new(-180.0, -20.0, -178.0, -16.0).unwrap(),
        ];
        assert_eq!(boxes, parts);
    }

    #[test]
    fn six_numbers_have_heights() {
        let boxes = read_bbox("7,51,20,8,52,90.5", CRS84).unwrap();
        assert_eq!(boxes[0].heights, Some((20.0, 90.5)));
    }

    #[test]
    fn latitude_comes_first_where_the_crs_says_so() {
        let wgs84 = OfferedCrs { is_north_first: true, ..CRS84 };
        assert_eq!(read_bbox("51,7,52,8", wgs84), read_bbox("7,51,8,52", CRS84));
    }

    #[test]
    fn what_is_no_box_is_refused_with_the_reason() {
        for (text, crs, reason) in [
            ("1,2,3", CRS84, "a bbox has 4 or 6 numbers, this one has 3"),
            ("1,2,3,x", CRS84, "`x` is not a finite number"),
            ("1,2,3,NaN", CRS84, "`NaN` is not a finite number"),
            ("1,2,3,inf", CRS84, "`inf` is not a finite number"),
            ("7,52,8,51", CRS84, "the y minimum 52 is greater than the maximum 51"),
            ("400,0,300,1", UTM, "the x minimum 400 is greater than the maximum 300"),
            ("7,51,190,52", CRS84, "the longitude 190 is outside -180 to 180"),
            ("", CRS84, "`` is not a finite number"),
        ] {
            assert_eq!(read_bbox(text, crs), Err(reason.to_owned()), "{text}");
        }
    }
}
