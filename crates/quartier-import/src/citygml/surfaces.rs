use std::collections::HashMap;

use super::tree::Node;
use crate::solid::Ring;

/// Links in one object that are followed; more would be an object that explodes when its links are resolved.
const LINKS_MAX: usize = 1_000_000;

/// Links to links, and elements in elements.
const DEPTH_MAX: usize = 512;

/// A polygon in an object's XML.
pub(crate) struct Facet<'a> {
    /// The same for each link to it.
    pub(crate) polygon: Node<'a>,
    /// Whether it is used with its other side outwards.
    reversed: bool,
}

/// Reads geometry in one object, links inside the object included.
pub(crate) struct Surfaces<'a> {
    by_id: HashMap<&'a str, Node<'a>>,
    axes: Axes,
    links: usize,
    /// Links that lead out of the object.
    pub(crate) dangling: usize,
    /// Numbers that are none, or rings of the wrong length.
    pub(crate) unreadable: usize,
    pub(crate) exhausted: bool,
}

/// How the model writes coordinates.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Axes {
    /// North before east.
    pub(crate) turned: bool,
    /// Numbers in a coordinate where the element does not say.
    pub(crate) dimension: usize,
}

impl<'a> Surfaces<'a> {
    pub(crate) fn new(object: Node<'a>, axes: Axes) -> Self {
        let by_id = object.descendants().filter_map(|node| Some((node.attribute("id")?, node)));
        let by_id = by_id.collect();
        Self { by_id, axes, links: 0, dangling: 0, unreadable: 0, exhausted: false }
    }

    /// Every polygon at or below the element, in document order, turned as it is used there.
    pub(crate) fn facets(&mut self, node: Node<'a>) -> Vec<Facet<'a>> {
        let mut facets = Vec::new();
        self.collect(node, Use { reversed: false, depth: 0 }, &mut facets);
        facets
    }

    fn collect(&mut self, node: Node<'a>, of: Use, facets: &mut Vec<Facet<'a>>) {
        if of.depth > DEPTH_MAX || self.links > LINKS_MAX {
            self.exhausted = true;
            return;
        }
        let of = Use { depth: of.depth + 1, ..of };
        if let Some(link) = node.attribute("href") {
            self.links += 1;
            match link.strip_prefix('#').and_then(|id| self.by_id.get(id)).copied() {
                Some(target) => self.collect(target, of, facets),
                None => self.dangling += 1,
            }
            return;
        }
        match node.name() {
            "Polygon" | "PolygonPatch" | "Triangle" | "Rectangle" => {
                facets.push(Facet { polygon: node, reversed: of.reversed });
            }
            "OrientableSurface" => {
                let reversed = of.reversed ^ (node.attribute("orientation") == Some("-"));
                node.children()
                    .for_each(|child| self.collect(child, Use { reversed, ..of }, facets));
            }
            _ => node.children().for_each(|child| self.collect(child, of, facets)),
        }
    }

    /// The exterior ring first.
    pub(crate) fn rings(&mut self, facet: &Facet<'a>) -> Vec<Ring> {
        let is_ring = |node: &Node<'a>| {
            matches!(node.name(), "exterior" | "interior" | "outerBoundaryIs" | "innerBoundaryIs")
        };
        let mut rings = Vec::new();
        for boundary in facet.polygon.children().filter(is_ring) {
            let mut ring = self.positions(boundary);
            if facet.reversed {
                ring.reverse();
            }
            let is_exterior = matches!(boundary.name(), "exterior" | "outerBoundaryIs");
            let at = if is_exterior { 0 } else { rings.len() };
            rings.insert(at, ring);
        }
        rings
    }

    /// Every position below the element: x, y, z.
    pub(crate) fn positions(&mut self, node: Node<'a>) -> Ring {
        let mut positions = Vec::new();
        for list in node.descendants() {
            match list.name() {
                "posList" | "pos" => self.numbers(list, &mut positions),
                "coordinates" => self.tuples(list, &mut positions),
                _ => {}
            }
        }
        positions
    }

    fn numbers(&mut self, list: Node<'a>, positions: &mut Ring) {
        let given = list.attribute("srsDimension").or_else(|| list.attribute("dimension"));
        let dimension = given.and_then(|it| it.parse().ok()).unwrap_or(self.axes.dimension);
        let mut numbers =
            list.text().split_ascii_whitespace().map(|text| text.parse().unwrap_or(f64::NAN));
        loop {
            let position = [
                numbers.next(),
                numbers.next(),
                (dimension != 2).then(|| numbers.next()).flatten(),
            ];
            match position {
                [None, ..] => return,
                [Some(x), Some(y), z] if z.is_some() || dimension == 2 => {
                    positions.push(self.placed([x, y, z.unwrap_or(0.0)]));
                }
                _ => {
                    self.unreadable += 1;
                    return;
                }
            }
        }
    }

    /// GML 2 and early 3: `x,y,z x,y,z`.
    fn tuples(&mut self, list: Node<'a>, positions: &mut Ring) {
        for tuple in list.text().split_ascii_whitespace() {
            let mut numbers = tuple.split(',').map(|text| text.parse().unwrap_or(f64::NAN));
            match [numbers.next(), numbers.next()] {
                [Some(x), Some(y)] => {
                    let z = numbers.next().unwrap_or(0.0);
                    positions.push(self.placed([x, y, z]));
                }
                _ => self.unreadable += 1,
            }
        }
    }

    fn placed(&mut self, [x, y, z]: [f64; 3]) -> [f64; 3] {
        if x.is_nan() || y.is_nan() || z.is_nan() {
            self.unreadable += 1;
        }
        if self.axes.turned { [y, x, z] } else { [x, y, z] }
    }
}

#[derive(Clone, Copy)]
struct Use {
    reversed: bool,
    depth: usize,
}
