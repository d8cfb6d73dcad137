use crate::Place;

/// The tiles of one zoom that hold something, in the order of their numbers.
///
/// They are looked for from the world down: where nothing is held, nothing below is asked for. `holds` may say too
/// often that something is there, and never that nothing is where there is.
pub fn walk(zoom: u8, holds: impl Fn(Place) -> bool) -> impl Iterator<Item = Place> {
    let mut pending = vec![Place::WORLD];
    std::iter::from_fn(move || {
        while let Some(place) = pending.pop() {
            if !holds(place) {
                continue;
            }
            if place.z() == zoom {
                return Some(place);
            }
            pending.extend(place.children().into_iter().rev());
        }
        None
    })
}
