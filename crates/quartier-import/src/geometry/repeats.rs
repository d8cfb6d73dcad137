use geo::{Geometry, LineString, MultiLineString, MultiPolygon, Polygon};

/// Leaves out points of lines and rings that stand where the one before stands, height included.
pub(crate) fn remove(
    plane: Geometry<f64>,
    heights: Option<Vec<f64>>,
) -> (Geometry<f64>, Option<Vec<f64>>, usize) {
    let mut keep = Vec::new();
    mark(&plane, heights.as_deref(), &mut keep);
    let repeated = keep.iter().filter(|keep| !**keep).count();
    if repeated == 0 {
        return (plane, heights, 0);
    }
    let heights = heights.map(|heights| {
        heights
            .into_iter()
            .zip(&keep)
            .filter(|(_, keep)| **keep)
            .map(|(height, _)| height)
            .collect()
    });
    (thinned(plane, &mut keep.into_iter()), heights, repeated)
}

fn mark(plane: &Geometry<f64>, heights: Option<&[f64]>, keep: &mut Vec<bool>) {
    match plane {
        Geometry::MultiPoint(points) => keep.extend(points.iter().map(|_| true)),
        Geometry::LineString(line) => mark_line(line, heights, keep),
        Geometry::MultiLineString(lines) => {
            lines.iter().for_each(|line| mark_line(line, heights, keep));
        }
        Geometry::Polygon(polygon) => mark_polygon(polygon, heights, keep),
        Geometry::MultiPolygon(polygons) => {
            polygons.iter().for_each(|polygon| mark_polygon(polygon, heights, keep));
        }
        Geometry::GeometryCollection(members) => {
            members.iter().for_each(|member| mark(member, heights, keep));
        }
        _ => keep.push(true),
    }
}

fn mark_polygon(polygon: &Polygon<f64>, heights: Option<&[f64]>, keep: &mut Vec<bool>) {
    mark_line(polygon.exterior(), heights, keep);
    polygon.interiors().iter().for_each(|ring| mark_line(ring, heights, keep));
}

fn mark_line(line: &LineString<f64>, heights: Option<&[f64]>, keep: &mut Vec<bool>) {
    let from = keep.len();
    for (at, point) in line.0.iter().enumerate() {
        let height = |at: usize| heights.and_then(|heights| heights.get(from + at));
        let is_repeat = at > 0 && line.0.get(at - 1) == Some(point) && height(at - 1) == height(at);
        keep.push(!is_repeat);
    }
}

fn thinned(plane: Geometry<f64>, keep: &mut impl Iterator<Item = bool>) -> Geometry<f64> {
    match plane {
        Geometry::MultiPoint(points) => {
            keep.by_ref().take(points.0.len()).for_each(|_| {});
            points.into()
        }
        Geometry::LineString(line) => thinned_line(&line, keep).into(),
        Geometry::MultiLineString(lines) => {
            MultiLineString::new(lines.iter().map(|line| thinned_line(line, keep)).collect()).into()
        }
        Geometry::Polygon(polygon) => thinned_polygon(&polygon, keep).into(),
        Geometry::MultiPolygon(polygons) => {
            let polygons = polygons.iter().map(|polygon| thinned_polygon(polygon, keep));
            MultiPolygon::new(polygons.collect()).into()
        }
        Geometry::GeometryCollection(members) => {
            let keep: &mut dyn Iterator<Item = bool> = keep;
            let mut keep = keep;
            let members = members.into_iter().map(|member| thinned(member, &mut keep));
            Geometry::GeometryCollection(members.collect())
        }
        other => {
            keep.next();
            other
        }
    }
}

fn thinned_polygon(polygon: &Polygon<f64>, keep: &mut impl Iterator<Item = bool>) -> Polygon<f64> {
    let exterior = thinned_line(polygon.exterior(), keep);
    let interiors = polygon.interiors().iter().map(|ring| thinned_line(ring, keep)).collect();
    Polygon::new(exterior, interiors)
}

fn thinned_line(line: &LineString<f64>, keep: &mut impl Iterator<Item = bool>) -> LineString<f64> {
    line.0.iter().filter(|_| keep.next().unwrap_or(true)).copied().collect()
}
