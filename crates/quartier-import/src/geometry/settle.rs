use geo::{Coord, LineString, MultiPolygon, Orient as _, Polygon, orient::Direction};

/// The same polygons with rings, holes and members in an order of their own. Mending works through hash maps: without
/// this the same file would look changed each time it is read.
pub(crate) fn settled(polygons: &MultiPolygon<f64>) -> MultiPolygon<f64> {
    let mut members: Vec<Polygon<f64>> =
        polygons.orient(Direction::Default).into_iter().map(settled_polygon).collect();
    members.sort_by(|one, other| by_coords(one.exterior(), other.exterior()));
    MultiPolygon::new(members)
}

fn settled_polygon(polygon: Polygon<f64>) -> Polygon<f64> {
    let (exterior, interiors) = polygon.into_inner();
    let mut interiors: Vec<LineString<f64>> = interiors.into_iter().map(settled_ring).collect();
    interiors.sort_by(by_coords);
    Polygon::new(settled_ring(exterior), interiors)
}

/// Starts at the ring's least coordinate.
fn settled_ring(mut ring: LineString<f64>) -> LineString<f64> {
    ring.0.pop();
    let least = (0..ring.0.len()).min_by(|one, other| order(&ring.0[*one], &ring.0[*other]));
    ring.0.rotate_left(least.unwrap_or(0));
    ring.close();
    ring
}

fn by_coords(one: &LineString<f64>, other: &LineString<f64>) -> std::cmp::Ordering {
    let pairs = one.0.iter().zip(&other.0);
    let differing = pairs.map(|(one, other)| order(one, other)).find(|it| it.is_ne());
    differing.unwrap_or_else(|| one.0.len().cmp(&other.0.len()))
}

fn order(one: &Coord<f64>, other: &Coord<f64>) -> std::cmp::Ordering {
    one.x.total_cmp(&other.x).then(one.y.total_cmp(&other.y))
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::polygon;

    #[test]
    fn the_same_polygons_in_another_order_are_settled_alike() {
        let one = polygon![(x: 0., y: 0.), (x: 2., y: 0.), (x: 2., y: 2.), (x: 0., y: 2.)];
        let turned = polygon![(x: 2., y: 2.), (x: 2., y: 0.), (x: 0., y: 0.), (x: 0., y: 2.)];
        let far = polygon![(x: 5., y: 5.), (x: 6., y: 5.), (x: 6., y: 6.)];
        let left = settled(&MultiPolygon::new(vec![far.clone(), one]));
        let right = settled(&MultiPolygon::new(vec![turned, far]));
        assert_eq!(left, right);
    }
}
