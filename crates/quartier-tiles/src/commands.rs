use geo_types::Coord;

use crate::wire::{varint, zigzag};

const MOVE_TO: u64 = 1;
const LINE_TO: u64 = 2;
const CLOSE_PATH: u64 = 7;

/// What a feature's geometry is to a tile, by its number there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Point = 1,
    Line = 2,
    Polygon = 3,
}

/// A feature's geometry as drawing commands (MVT 2.1, 4.3), each point relative to the one before it.
#[derive(Debug, Default)]
pub(crate) struct Commands {
    bytes: Vec<u8>,
    cursor: Coord<i32>,
}

impl Commands {
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.cursor = Coord { x: 0, y: 0 };
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Every point of a feature at once: a second call would start a second command, which points may not have.
    pub(crate) fn points(&mut self, points: &[Coord<i32>]) {
        self.command(MOVE_TO, points.len());
        self.steps(points);
    }

    pub(crate) fn line(&mut self, points: &[Coord<i32>]) {
        let Some((first, rest)) = points.split_first() else { return };
        self.command(MOVE_TO, 1);
        self.steps(std::slice::from_ref(first));
        self.command(LINE_TO, rest.len());
        self.steps(rest);
    }

    /// A ring without its closing point.
    pub(crate) fn ring(&mut self, points: &[Coord<i32>]) {
        self.line(points);
        self.command(CLOSE_PATH, 1);
    }

    #[inline]
    fn command(&mut self, command: u64, count: usize) {
        varint(&mut self.bytes, command | (count as u64) << 3);
    }

    #[inline]
    fn steps(&mut self, points: &[Coord<i32>]) {
        for &point in points {
            varint(&mut self.bytes, zigzag(i64::from(point.x) - i64::from(self.cursor.x)));
            varint(&mut self.bytes, zigzag(i64::from(point.y) - i64::from(self.cursor.y)));
            self.cursor = point;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(list: &[(i32, i32)]) -> Vec<Coord<i32>> {
        list.iter().map(|&(x, y)| Coord { x, y }).collect()
    }

    #[test]
    fn the_examples_of_the_specification_come_out_as_it_writes_them() {
        let mut commands = Commands::default();
        commands.points(&points(&[(25, 17)]));
        assert_eq!(commands.bytes(), [9, 50, 34]);

        commands.clear();
        commands.points(&points(&[(5, 7), (3, 2)]));
        assert_eq!(commands.bytes(), [17, 10, 14, 3, 9]);

        commands.clear();
        commands.line(&points(&[(2, 2), (2, 10), (10, 10)]));
        commands.line(&points(&[(1, 1), (3, 5)]));
        assert_eq!(commands.bytes(), [9, 4, 4, 18, 0, 16, 16, 0, 9, 17, 17, 10, 4, 8]);

        commands.clear();
        commands.ring(&points(&[(3, 6), (8, 12), (20, 34)]));
        assert_eq!(commands.bytes(), [9, 6, 12, 18, 10, 12, 24, 44, 15]);
    }
}
