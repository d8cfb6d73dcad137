//! Decimal numbers as integers.

/// Integers above this have gaps between them as floating-point numbers.
const EXACT_MAX: f64 = 9_007_199_254_740_992.0;

/// The integer that is the number when it is divided; `None` where that would not be the same bits.
pub(crate) fn quantum(number: f64, divisor: f64) -> Option<i64> {
    let integer = (number * divisor).round();
    let is_exact = integer.abs() < EXACT_MAX
        && (integer as i64 as f64 / divisor).to_bits() == number.to_bits();
    is_exact.then_some(integer as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tenth_of_a_millimetre_is_an_integer() {
        for tenths in (57_578_900_000_i64..57_579_000_000).step_by(7) {
            let metres: f64 =
                format!("{}.{:04}", tenths / 10_000, tenths % 10_000).parse().unwrap();
            assert_eq!(quantum(metres, 1e4), Some(tenths));
        }
    }

    #[test]
    fn what_would_not_come_back_is_no_integer() {
        for number in [-0.0, 1.0 / 3.0, 1e300, f64::MIN_POSITIVE] {
            assert_eq!(quantum(number, 1e4), None, "{number}");
        }
    }
}
