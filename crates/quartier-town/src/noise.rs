use geo_types::Coord;

/// Values between -1 and 1 that change smoothly over the plane, one of its own for each salt.
///
/// Only sums and products, so that every machine computes the same bits.
pub(crate) fn smooth(at: Coord, spacing: f64, salt: u64) -> f64 {
    let (x, y) = (at.x / spacing, at.y / spacing);
    let (column, row) = (x.floor(), y.floor());
    let (east, north) = (ease(x - column), ease(y - row));
    let corner = |dx: f64, dy: f64| lattice((column + dx) as i64, (row + dy) as i64, salt);
    let south_side = corner(0.0, 0.0) * (1.0 - east) + corner(1.0, 0.0) * east;
    let north_side = corner(0.0, 1.0) * (1.0 - east) + corner(1.0, 1.0) * east;
    south_side * (1.0 - north) + north_side * north
}

/// Perlin's curve with two smooth derivatives: streets bent by it have no kinks.
fn ease(t: f64) -> f64 {
    t * t * t * (t * (t * 6.0 - 15.0) + 10.0)
}

fn lattice(column: i64, row: i64, salt: u64) -> f64 {
    let bits = scramble(scramble(scramble(salt) ^ column as u64) ^ row as u64);
    (bits >> 40) as f64 / f64::from(1_u32 << 23) - 1.0
}

/// The finaliser of `SplitMix64` (Steele, Lea, Flood 2014).
pub(crate) fn scramble(number: u64) -> u64 {
    let mut bits = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

/// The direction at a part of a full turn, counter-clockwise from east.
///
/// The platform's sine differs from machine to machine in the last bit; these polynomials do not.
pub(crate) fn direction(turn: f64) -> Coord {
    let turn = turn - turn.floor();
    let quarter = (turn * 4.0).floor();
    let angle = (turn * 4.0 - quarter) * std::f64::consts::FRAC_PI_2;
    let (sine, cosine) = (series(angle, angle, 1.0), series(angle, 1.0, 0.0));
    match quarter as u8 {
        0 => Coord { x: cosine, y: sine },
        1 => Coord { x: -sine, y: cosine },
        2 => Coord { x: -cosine, y: -sine },
        _ => Coord { x: sine, y: -cosine },
    }
}

/// The Taylor series whose first term is `term`, of power `power`; exact to 1e-12 up to a right angle.
fn series(angle: f64, first: f64, power: f64) -> f64 {
    let (mut term, mut power, mut sum) = (first, power, first);
    for _ in 0..9 {
        term *= -angle * angle / ((power + 1.0) * (power + 2.0));
        power += 2.0;
        sum += term;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directions_are_sine_and_cosine() {
        for step in 0..100 {
            let turn = f64::from(step) / 100.0;
            let expected = (turn * std::f64::consts::TAU).sin_cos();
            let found = direction(turn);
            assert!((found.y - expected.0).abs() < 1e-9, "{turn}");
            assert!((found.x - expected.1).abs() < 1e-9, "{turn}");
        }
    }
}
